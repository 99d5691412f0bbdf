/** Runs in the head: "auto" becomes what the device prefers, before the first paint and at each change. */
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function follow(): void {
  if ((root.dataset["theme"] ?? "auto") !== "auto") return;
  root.dataset["bsTheme"] = dark.matches ? "dark" : "light";
}

follow();
dark.addEventListener("change", follow);
