/* Comfort while setting up: copying links, the tones of an accent as it is typed, members dragged into another order.
   Everything here also works without it. */

const copy = async (button) => {
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => {
    button.textContent = words;
  }, 2000);
};

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => copy(button));
}

/* Rich text: a box in which one writes, over the area that is sent. */
const paragraphs = (typed) =>
  typed
    .split(/\n\s*\n/)
    .map((part) => {
      const paragraph = document.createElement("p");
      paragraph.innerText = part;
      return paragraph.outerHTML;
    })
    .join("");

const tool = (box, label, command, argument) => {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: label });
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  button.addEventListener("click", () => {
    box.focus();
    const value = argument ? argument() : null;
    if (!argument || value) {
      document.execCommand(command, false, value);
    }
  });
  return button;
};

const write = (area) => {
  const { bold, italic, list, link, address } = area.dataset;
  const box = document.createElement("div");
  const tools = Object.assign(document.createElement("div"), { className: "row-actions" });
  box.className = "rich-box";
  box.contentEditable = "true";
  box.setAttribute("role", "textbox");
  box.setAttribute("aria-multiline", "true");
  box.setAttribute("aria-label", area.labels[0].textContent.trim());
  box.innerHTML = /<[a-z/]/i.test(area.value) ? area.value : paragraphs(area.value);
  document.execCommand("defaultParagraphSeparator", false, "p");
  box.addEventListener("input", () => {
    area.value = box.textContent.trim() ? box.innerHTML : "";
  });
  box.addEventListener("paste", (event) => {
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  });
  tools.append(
    tool(box, bold, "bold"),
    tool(box, italic, "italic"),
    tool(box, list, "insertUnorderedList"),
    tool(box, link, "createLink", () => window.prompt(address, "https://")),
  );
  area.hidden = true;
  area.labels[0].addEventListener("click", () => box.focus());
  area.after(tools, box);
};

for (const area of document.querySelectorAll("textarea[data-rich]:not(:disabled)")) {
  write(area);
}

const tones = document.querySelector(".tones");
const accent = document.querySelector("[data-tones]");
if (tones && accent) {
  const picture = tones.querySelector("img");
  picture.addEventListener("error", () => {
    tones.hidden = true;
  });
  picture.addEventListener("load", () => {
    tones.hidden = false;
  });
  accent.addEventListener("input", () => {
    const color = accent.value.trim();
    if (/^#[0-9a-f]{6}$/i.test(color)) {
      picture.src = `${tones.dataset.source}?color=${encodeURIComponent(color)}`;
    } else {
      tones.hidden = true;
    }
  });
  accent.closest(".field").after(tones);
}

const rows = document.querySelector("[data-order]");
const order = document.querySelector("#order");
if (rows && order) {
  let dragged = null;
  for (const row of rows.children) {
    row.draggable = true;
  }
  rows.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("tr");
    dragged.classList.add("is-dragged");
  });
  rows.addEventListener("dragover", (event) => {
    const over = event.target.closest("tr");
    if (!dragged || !over) {
      return;
    }
    event.preventDefault();
    if (over !== dragged) {
      const { top, height } = over.getBoundingClientRect();
      rows.insertBefore(dragged, event.clientY < top + height / 2 ? over : over.nextSibling);
    }
  });
  rows.addEventListener("dragend", () => {
    for (const row of rows.children) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: "order", value: row.dataset.email });
      order.append(input);
    }
    order.submit();
  });
}
