/** Says under an element what went wrong, aloud too. */
export function sayUnder(element: HTMLElement, text: string): void {
  let place = element.querySelector<HTMLElement>("[role=alert]");
  if (!place) {
    place = document.createElement("p");
    place.setAttribute("role", "alert");
    place.className = "form-error mt-2 mb-0";
    element.append(place);
  }
  place.textContent = text;
}
