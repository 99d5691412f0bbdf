/** Pages on which one signs in with a passkey, or makes one. */
import "./elements/passkey-entry";
import "./elements/passkey-maker";
