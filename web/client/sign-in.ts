/** The page on which one signs in. */
import "./elements/signing/passkey-entry";
import "./elements/signing/sign-in-form";
