/* Ctrl-K or ⌘-K finds bookings, people and pages; "?" lists the shortcuts; two keys in a row lead to a page. What they
   open is in the page (keys.html), and all of it can be reached without them. */
(() => {
  "use strict";

  const PAUSE = 120; // ms without typing before we ask
  const CHORD = 1500; // ms in which the second key must follow
  const palette = document.getElementById("palette");
  const shortcuts = document.getElementById("shortcuts");
  const input = document.getElementById("palette-text");
  const found = document.getElementById("palette-found");
  const address = input.form.action;

  /* Finding */

  let asking = null;
  let waiting = 0;

  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const query = new URLSearchParams({ q: input.value, part: "1" });
      const answer = await fetch(`${address}?${query}`, { signal: asking.signal });
      if (answer.redirected || !answer.ok) location.assign(`${address}?q=${encodeURIComponent(input.value)}`);
      else found.innerHTML = await answer.text();
    } catch (error) {
      if (error.name !== "AbortError") found.textContent = "";
    }
  };

  const links = () => [...found.querySelectorAll("a")];

  const step = (forward) => {
    const all = [input, ...links()];
    const at = all.indexOf(document.activeElement);
    all.at((at + (forward ? 1 : -1) + all.length) % all.length).focus();
  };

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });

  palette.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    step(event.key === "ArrowDown");
  });

  input.form.addEventListener("submit", (event) => {
    const first = links()[0];
    if (!first || !input.value) return;
    event.preventDefault();
    first.click();
  });

  const open = (dialog) => {
    for (const other of document.querySelectorAll("dialog[open]")) if (other !== dialog) other.close();
    if (!dialog.open) dialog.showModal();
    if (dialog === palette) {
      input.select();
      ask();
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-opens]");
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      open(document.getElementById(link.dataset.opens));
    } else if (event.target === palette || event.target === shortcuts) {
      event.target.close(); // beside it
    }
  });

  /* Keys */

  let first = "";
  let pressed = 0;
  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]");

  const goBy = (keys) => {
    const link = [...shortcuts.querySelectorAll("[data-keys]")].find((each) => each.dataset.keys === keys);
    link?.click();
    return Boolean(link);
  };

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      open(palette);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "?") open(shortcuts);
    else if (document.querySelector("dialog[open]")) return;
    else if (first && event.timeStamp - pressed < CHORD && goBy(`${first} ${event.key}`)) first = "";
    else [first, pressed] = [event.key, event.timeStamp];
  });
})();
