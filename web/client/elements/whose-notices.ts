/** Says what concerns whose place one is in: somebody acts as oneself, or one works elsewhere than a moment ago. */
import type { Account, Impersonation } from "../contract";
import { feed } from "../data/feed";
import { page } from "../data/page";
import { t } from "../models/words";
import { toast } from "./toast-region";

if (page.personId) {
  feed.stream("person").subscribe((change) => {
    if (change.kind !== "event") return;
    if (change.event.name === "impersonation.begun") {
      const { by_name, reason } = change.event["impersonation"] as Impersonation;
      toast(t("{name} acts as you from now on: {reason}", { name: by_name, reason }), "error");
    }
    if (change.event.name === "sign_in.noticed") {
      const { device, address } = change.event as unknown as { device: string; address: string };
      toast(t("You signed in anew: {device}, {address}. If that wasn't you, sign it out on your account page.", { device, address }), "error");
    }
    if (change.event.name === "account.changed" && (change.event["account"] as Account).language !== document.documentElement.lang) {
      toast(t("You have another language from now on. Reload the page to read it."));
    }
    if (change.event.name === "business.entered" && change.event.actor_id === null) {
      toast(t("The business that you worked in was moved away. You work in your own again; reload the page."), "error");
    }
  });
}
