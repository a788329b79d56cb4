/* Choosing a time without waiting: days change at once, the next month is fetched before it is asked for, and the month
   becomes a date grid for keyboards and screen readers (WAI-ARIA authoring practices). All of it works without this. */
(() => {
  "use strict";

  const YEAR_SECONDS = 365 * 24 * 3600;
  const picker = () => document.getElementById("picker");
  const marked = (selector) => picker()?.querySelector(selector);

  /* The visitor's time zone: found once, kept in a cookie, so that the server writes all times. */

  const keepZone = (zone) => {
    if (!/^[\w+/-]+$/.test(zone)) return;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `timezone=${zone}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${secure}`;
  };

  const findZone = () => {
    if (new URLSearchParams(location.search).has("timezone") || /(^|; )timezone=/.test(document.cookie)) return;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone) return;
    keepZone(zone);
    if (zone !== picker().dataset.zone) {
      htmx.ajax("GET", location.pathname + location.search, { target: "#picker", swap: "outerHTML" });
    }
  };

  /* The grid */

  const cells = () => [...(picker()?.querySelectorAll("#days tbody [id]") ?? [])];
  const dateOf = (cell) => cell.id.slice(1);
  const isRightToLeft = () => getComputedStyle(picker()).direction === "rtl";

  const makeGrid = () => {
    const table = marked("#days");
    if (!table || table.getAttribute("role") === "grid") return;
    table.setAttribute("role", "grid");
    for (const cell of cells()) {
      cell.tabIndex = -1;
      if (cell.matches("span")) {
        cell.setAttribute("role", "link");
        cell.setAttribute("aria-disabled", "true");
        cell.setAttribute("aria-label", cell.dataset.label);
      }
    }
    (marked("#days .chosen") ?? cells()[0]).tabIndex = 0;
  };

  const goTo = (cell) => {
    for (const each of cells()) each.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus();
  };

  const turn = (link, day) => {
    if (!link) return;
    wanted = day;
    link.click();
  };

  let wanted = null; // the day of the month to go to once another month is there; null: nowhere
  const dayOf = (cell) => Number(dateOf(cell).slice(-2)); // weeks that are over have no cells

  const afterTurn = () => {
    const all = cells(); // none where there are no later times
    if (wanted !== null && all.length) goTo(all.find((cell) => dayOf(cell) >= wanted) ?? all.at(-1));
    wanted = null;
  };

  const onKey = (event) => {
    const cell = event.target.closest("#days tbody [id]");
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = cells();
    const at = all.indexOf(cell);
    const inWeek = [...cell.closest("tr").querySelectorAll("[id]")];
    const forward = isRightToLeft() ? -1 : 1;
    const steps = {
      ArrowRight: () => at + forward,
      ArrowLeft: () => at - forward,
      ArrowDown: () => at + 7,
      ArrowUp: () => at - 7,
      Home: () => all.indexOf(inWeek[0]),
      End: () => all.indexOf(inWeek.at(-1)),
    };
    if (event.key === "PageDown") turn(marked("#later"), dayOf(cell));
    else if (event.key === "PageUp") turn(marked("#earlier"), dayOf(cell));
    else if (event.key === " " && cell.matches("a")) cell.click();
    else if (!steps[event.key]) return;
    else {
      const to = steps[event.key]();
      if (all[to]) goTo(all[to]);
      else if (to < 0) turn(marked("#earlier"), 31);
      else turn(marked("#later"), 1);
    }
    event.preventDefault();
  };

  /* A day, whose times are in the page already */

  const choose = (link) => {
    const template = picker().querySelector(`template[data-day="${dateOf(link)}"]`);
    const times = marked("#times");
    if (template) {
      const kept = document.createElement("template");
      kept.dataset.day = picker().dataset.date;
      kept.content.append(...times.childNodes);
      times.append(template.content.cloneNode(true));
      template.replaceWith(kept);
      picker().dataset.date = dateOf(link);
    }
    marked("#days .chosen")?.removeAttribute("aria-current");
    marked("#days .chosen")?.classList.remove("chosen");
    link.classList.add("chosen");
    link.setAttribute("aria-current", "true");
    for (const input of picker().querySelectorAll("#zone-form [name=date]")) input.value = dateOf(link);
    for (const each of cells()) each.tabIndex = each === link ? 0 : -1;
    history.replaceState(history.state, "", link.getAttribute("href").split("#")[0]);
    marked("#day-title").focus();
    marked("#times").scrollIntoView({ block: "nearest" });
  };

  const onClick = (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const day = event.target.closest("#days a");
    const back = event.target.closest(".way-back a");
    if (!day && !back) return;
    event.preventDefault();
    if (day) choose(day);
    else goTo(marked(back.getAttribute("href")));
  };

  /* The next month, before it is asked for */

  const fetched = new Set();
  const fetchNext = () => {
    const url = marked("#later")?.href;
    if (!url || fetched.has(url) || navigator.connection?.saveData) return;
    fetched.add(url);
    fetch(url, { headers: { "HX-Request": "true" }, priority: "low" }).catch(() => fetched.delete(url));
  };
  const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 200));

  /* The form at the foot comes back to the day that is shown, not to the one this page began with. */
  const keepPlace = (event) => {
    if (!event.target.matches(".preferences")) return;
    event.target.elements.next.value = location.pathname + location.search;
  };

  const say = (text) => {
    const place = document.getElementById("said");
    if (place) place.textContent = text;
  };

  const show = () => {
    if (!picker()) return;
    makeGrid();
    whenIdle(fetchNext);
  };

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("submit", keepPlace);
  document.addEventListener("htmx:afterSettle", () => {
    if (!picker()) return;
    show();
    afterTurn();
    if (document.activeElement === document.body) (marked("#month-title") ?? marked(".nothing .button"))?.focus();
    say(picker().dataset.said);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.requestConfig.elt.id === "zone-form") keepZone(picker().dataset.zone);
  });
  // Where the network fails, the browser's own way says so.
  document.addEventListener("htmx:sendError", (event) => location.assign(event.detail.pathInfo.finalRequestPath));
  document.addEventListener("htmx:responseError", (event) => location.assign(event.detail.pathInfo.finalRequestPath));
  document.addEventListener("DOMContentLoaded", () => {
    show();
    if (picker()) findZone();
  });
})();
