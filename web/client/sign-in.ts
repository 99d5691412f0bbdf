/** The page on which one signs in. */
import "./elements/passkey-entry";
import "./elements/sign-in-form";
