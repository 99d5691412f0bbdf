/** Says what concerns whose place one is in: somebody acts as oneself, or one works elsewhere than a moment ago. */
import { feed } from "../../data/feed";
import { page } from "../../data/page";
import { inWords, said } from "../../models/sentences";
import { NOTICES } from "../../sentences";
import { toast } from "./toast-region";

if (page.personId) {
  feed.stream("person").subscribe((change) => {
    if (change.kind !== "event") return;
    const notice = said(NOTICES, { ...change.event, language: document.documentElement.lang });
    if (notice) toast(inWords(notice), notice.kind === "warning" ? "error" : "done");
  });
}
