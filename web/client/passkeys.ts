/** Pages on which one signs in with a passkey, or makes one. */
import "./elements/signing/passkey-entry";
import "./elements/signing/passkey-maker";
