/* Ticking all rows of a list at once, and saying how many are ticked. Without it each row is ticked by itself. */
(() => {
  const form = document.querySelector(".list-form");
  if (!form) return;
  const boxes = [...form.querySelectorAll("input[name=pick]")];
  const everything = form.querySelector("input[name=all]");
  const told = form.querySelector("output");
  const head = form.querySelector("[data-tick-all]");

  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", head.dataset.tickAll);
  head.replaceChildren(all);

  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    told.textContent = ticked && !everything?.checked ? `${ticked} ${told.dataset.one}` : "";
  };

  all.addEventListener("change", () => {
    boxes.forEach((box) => {
      box.checked = all.checked;
    });
    tell();
  });
  form.addEventListener("change", tell);
  window.addEventListener("pageshow", tell); // browsers bring ticks back
})();
