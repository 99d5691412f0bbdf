/** What every page loads. */
import "./data/page";
import "./data/feed";
import "./data/commands";
import "./elements/light-element";
