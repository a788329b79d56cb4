/* The calendar of staff. What there is to see and what may be done comes from the server; this draws it, carries what is
   dragged there and back, and looks every few seconds whether others have changed something. Without it there is a list. */

"use strict";

(() => {
  const POLL = 4000; // milliseconds; another's change is to be seen within five seconds
  const UNDO = 10000; // mails wait as long
  const THINK = 120; // how long a card has to rest before somebody is asked about its place

  const board = document.getElementById("board");
  const options = JSON.parse(board.dataset.board);
  const words = options.words;
  const grid = document.getElementById("board-grid");
  const dialog = document.getElementById("board-dialog");
  const refused = document.getElementById("board-refused");
  const done = document.getElementById("board-done");
  const verdict = document.getElementById("board-verdict");
  const isGrid = options.view !== "list" && window.EventCalendar && matchMedia("(min-width: 40rem)").matches;
  const address = (booking, part = "") => `${options.bookings}${encodeURIComponent(booking)}/${part}`;

  let calendar = null;
  let columns = "[]";
  let version = "";
  let dragged = null; // the booking under the pointer
  let carrying = 0; // drops the server has not answered
  let turn = 0; // counts looks and drops: an answer to a question before the last of them is old

  /* Small things */

  const two = (number) => String(number).padStart(2, "0");
  const wall = (date) =>
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}` +
    `T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;

  function part(name, className, text) {
    const element = document.createElement(name);
    element.className = className;
    element.textContent = text ?? "";
    return element;
  }

  function icon(name) {
    const space = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(space, "svg");
    picture.setAttribute("class", "icon");
    picture.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(space, "use");
    use.setAttribute("href", `${options.icons}#${name}`);
    picture.append(use);
    return picture;
  }

  const piece = (name) => document.getElementById(name).content.firstElementChild.cloneNode(true);

  function toast(region, picture, text, button) {
    const card = part("div", "board-toast");
    const close = piece("board-close");
    close.addEventListener("click", () => card.remove());
    card.append(icon(picture), part("span", "", text), ...(button ? [button] : []), close);
    region.replaceChildren(card);
    return card;
  }

  async function send(path, fields) {
    const token = board.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(path, {
      method: "POST",
      headers: { "X-CSRFToken": token },
      body: new URLSearchParams(fields),
    });
    const told = await answer.json().catch(() => ({}));
    return answer.ok ? told : { why: told.why || words.failed };
  }

  /* What others change */

  async function look(anew = false) {
    if (dragged || carrying || (document.hidden && !anew)) return undefined;
    turn += 1;
    const asked = turn;
    let answer;
    try {
      answer = await fetch(options.feed, { headers: version && !anew ? { "If-None-Match": version } : {} });
    } catch {
      return toast(done, "alert", words.offline);
    }
    if (answer.redirected) return location.reload(); // the session has ended
    if (answer.status !== 200) return undefined;
    const told = await answer.json();
    if (dragged || carrying || asked !== turn) return undefined; // a later look will bring it
    const isFirst = !version;
    version = answer.headers.get("ETag") || "";
    if (isGrid) draw(told);
    else if (!isFirst || anew) await drawList();
    return undefined;
  }

  function draw(told) {
    const here = document.activeElement?.closest?.("[data-booking]")?.dataset.booking;
    const given = JSON.stringify(told.resources);
    if (given !== columns) {
      columns = given;
      calendar.setOption("resources", told.resources);
    }
    const events = told.events.map((each) => ({
      ...each,
      startEditable: Boolean(each.editable),
      durationEditable: Boolean(each.editable) && options.view !== "month",
      editable: undefined,
    }));
    calendar.setOption("events", events);
    requestAnimationFrame(() => {
      sayPlainly();
      if (here) focusOn(here);
    });
  }

  /* The grid calls itself a table whose rows would have to be cells alone. To those who hear it, it is a group of buttons,
     each with title, time, status and hosts. */
  function sayPlainly() {
    const parts = "[role=rowgroup], [role=row], [role=columnheader], [role=cell], [role=gridcell]";
    for (const each of grid.querySelectorAll(parts)) {
      each.setAttribute("role", "presentation");
      for (const name of ["aria-colindex", "aria-rowindex", "aria-colspan", "aria-label"]) each.removeAttribute(name);
    }
    const all = grid.querySelector(".ec");
    all.setAttribute("role", "group");
    all.setAttribute("aria-label", document.querySelector("h1").textContent);
  }

  function focusOn(booking) {
    if (document.activeElement?.closest?.("[data-booking], dialog, form")) return;
    board.querySelector(`[data-booking="${CSS.escape(booking)}"]`)?.focus({ preventScroll: true });
  }

  async function drawList() {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("board-list");
    if (!fresh) return;
    const here = document.activeElement?.id;
    document.getElementById("board-list").replaceWith(fresh);
    if (here && document.activeElement === document.body) document.getElementById(here)?.focus({ preventScroll: true });
  }

  /* A booking, opened */

  async function open(booking) {
    const answer = await fetch(`${address(booking)}?next=${encodeURIComponent(options.back)}`);
    if (!answer.ok) {
      toast(refused, "alert", words.failed);
      return look(true);
    }
    dialog.innerHTML = await answer.text();
    dialog.dataset.from = booking;
    dialog.showModal();
    return undefined;
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = words.copied;
    } catch { // browsers allow it over https only
      const field = dialog.querySelector(".board-link");
      field.hidden = false;
      field.select();
    }
  }

  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  });
  dialog.addEventListener("close", () => {
    const from = board.querySelector(`[data-booking="${CSS.escape(dialog.dataset.from)}"]`);
    from?.focus({ preventScroll: true });
  });
  board.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-booking]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.dataset.booking);
  });

  /* While a card is dragged: who could have it there */

  const known = new Map();
  let place = "";
  let timer = 0;

  function consider(info) {
    const id = info.event.id;
    const query = new URLSearchParams({ start: wall(info.event.start), end: wall(info.event.end) }).toString();
    dragged = { id, target: info.newResource?.extendedProps.email, own: info.event.extendedProps.hosts };
    if (place !== query) {
      place = query;
      clearTimeout(timer);
      if (!known.has(query)) timer = setTimeout(() => ask(id, query), THINK);
    }
    judge(known.get(place));
    return true;
  }

  async function ask(id, query) {
    const answer = await fetch(`${address(id, "hosts/")}?${query}`).catch(() => null);
    const told = answer ? await answer.json().catch(() => ({})) : {};
    known.set(query, told.hosts || {});
    if (dragged && place === query) judge(known.get(query));
  }

  function judge(hosts) {
    const cells = grid.querySelectorAll(".ec-body .ec-day");
    JSON.parse(columns).forEach((column, number) => {
      const why = hosts?.[column.extendedProps.email];
      const label = grid.querySelector(`[data-host="${CSS.escape(column.extendedProps.email)}"] .board-why`);
      if (options.view === "day" && cells[number]) mark(cells[number], why);
      if (label && mark(label, why)) label.replaceChildren(icon(why.length ? "cross" : "check"), why.join("; ") || words.free);
      else if (label) label.replaceChildren();
    });
    sayAtPointer(hosts);
  }

  function mark(element, why) {
    if (why) element.dataset.verdict = why.length ? "not" : "free";
    else delete element.dataset.verdict;
    return Boolean(why);
  }

  function sayAtPointer(hosts) {
    const entries = Object.entries(hosts || {});
    const own = calendar.getEventById(dragged.id)?.resourceIds || [];
    const emails = dragged.target
      ? [dragged.target]
      : JSON.parse(columns).filter((each) => own.includes(each.id)).map((each) => each.extendedProps.email);
    const about = entries.filter(([email]) => emails.includes(email));
    verdict.hidden = !about.length;
    if (!about.length) return;
    const reasons = about.flatMap(([, why]) => why);
    mark(verdict, reasons);
    verdict.replaceChildren(icon(reasons.length ? "cross" : "check"), reasons.join("; ") || words.free);
  }

  function forget() {
    clearTimeout(timer);
    dragged = null;
    place = "";
    known.clear();
    verdict.hidden = true;
    for (const each of grid.querySelectorAll("[data-verdict]")) {
      delete each.dataset.verdict;
      if (each.className === "board-why") each.replaceChildren();
    }
  }

  /* Dropped: the server decides */

  async function drop(info) {
    const fields = { start: wall(info.event.start), end: wall(info.event.end) };
    const before = info.oldResource?.extendedProps.email;
    const after = info.newResource?.extendedProps.email;
    if (before && after && before !== after) Object.assign(fields, { host: after, former: before });
    carrying += 1;
    turn += 1;
    const told = await send(address(info.event.id, "drop/"), fields).catch(() => ({ why: words.failed }));
    carrying -= 1;
    if (told.why) {
      info.revert();
      toast(refused, "alert", told.why);
    } else offerUndo(told);
    if (!carrying) await look(true);
  }

  function offerUndo(told) {
    refused.replaceChildren();
    const button = piece("board-undo");
    const card = toast(done, "check", told.said, told.undo && button);
    if (told.undo) setTimeout(() => card.remove(), UNDO);
    button.addEventListener("click", async () => {
      button.disabled = true;
      const back = await send(told.undo.address, told.undo.fields).catch(() => ({ why: words.failed }));
      card.remove();
      if (back.why) toast(refused, "alert", back.why);
      else toast(done, "check", back.said);
      await look(true);
    });
  }

  /* The grid */

  function content({ event, timeText }) {
    const { extendedProps: more } = event;
    if (event.display === "background") return "";
    const head = part("div", "board-event-head");
    if (more.icon) head.append(icon(more.icon));
    const isMoved = event.display === "preview";
    head.append(part("span", "board-time", isMoved || !more.time ? timeText : more.time));
    if (more.status && options.view === "day") head.append(part("span", "board-status", more.status));
    const nodes = [head, part("div", "board-title", event.title)];
    if (more.status && options.view !== "month") {
      const isDay = options.view === "day";
      nodes.push(isDay ? part("div", "board-status below", more.status) : part("div", "board-status", `${more.status} · ${more.hosts}`));
    }
    return { domNodes: nodes };
  }

  function mounted({ event, el }) {
    if (event.display === "background") return;
    const { extendedProps: more } = event;
    const label = [event.title, more.time, more.status, more.hosts].filter(Boolean).join(", ");
    el.setAttribute("aria-label", label);
    el.title = label;
    if (more.busy) {
      el.removeAttribute("role");
      el.removeAttribute("tabindex");
    } else el.dataset.booking = event.id;
  }

  function label({ resource }) {
    const name = part("span", "board-host", resource.title);
    name.dataset.host = resource.extendedProps.email;
    name.append(part("span", "board-why"));
    return { domNodes: [name] };
  }

  function build() {
    const clock = { hour: "numeric", minute: "2-digit", hourCycle: options.hour12 ? "h12" : "h23" };
    calendar = EventCalendar.create(grid, {
      view: { day: "resourceTimeGridDay", week: "timeGridWeek", month: "dayGridMonth" }[options.view],
      date: options.date,
      headerToolbar: { start: "", center: "", end: "" },
      height: options.view === "month" ? undefined : "75vh",
      columnWidth: options.view === "day" ? "minmax(9rem, 1fr)" : undefined,
      locale: options.language,
      firstDay: options.firstDay,
      timeZone: options.offset,
      nowIndicator: true,
      allDaySlot: false,
      slotDuration: "00:30",
      snapDuration: "00:15",
      slotHeight: 36,
      slotEventOverlap: false,
      scrollTime: "07:30",
      slotLabelFormat: clock,
      eventTimeFormat: clock,
      dayHeaderFormat: options.view === "month" ? { weekday: "short" } : { weekday: "short", day: "numeric" },
      dayMaxEvents: true,
      moreLinkContent: (info) => `+${info.num} ${words.more}`,
      eventContent: content,
      eventDidMount: mounted,
      eventClick: ({ event }) => (event.extendedProps.busy ? undefined : open(event.id)),
      resourceLabelContent: label,
      dragConstraint: consider,
      resizeConstraint: consider,
      eventDragStop: forget,
      eventResizeStop: forget,
      eventDrop: drop,
      eventResize: drop,
    });
  }

  if (isGrid) build();
  look(true);
  let isLooking = false; // where answers take longer than that, looks do not pile up
  setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    await look().finally(() => (isLooking = false));
  }, POLL);
  document.addEventListener("visibilitychange", () => !document.hidden && look());
})();
