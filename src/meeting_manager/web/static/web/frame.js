/* In a frame on another site's page: tell that page how high this one is, and that something was booked. Only the one
   origin that the server allowed hears it, and nothing about the visitor. */
(() => {
  "use strict";

  const { parent: origin, ...booked } = document.currentScript.dataset;

  const tell = (message) => {
    if (origin && window.parent !== window) {
      window.parent.postMessage({ source: "meeting-manager", ...message }, origin);
    }
  };

  const start = () => {
    const tellHeight = () => tell({ type: "height", height: Math.ceil(document.body.getBoundingClientRect().height) });
    new ResizeObserver(tellHeight).observe(document.body);
    // Reloading the page, or coming back to it, books nothing.
    const [visit] = performance.getEntriesByType("navigation");
    if (booked.start && visit?.type === "navigate") {
      const { start, end, department, meetingType } = booked;
      tell({ type: "booked", start, end, department, meeting_type: meetingType });
    }
  };

  // What leads elsewhere opens beside the page around, which stays.
  const leaves = (address) => {
    const url = new URL(address, location.href);
    return url.origin !== location.origin || !url.pathname.startsWith("/embed/");
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !leaves(link.href)) return;
    link.target = "_blank";
    link.relList.add("noopener");
  });
  document.addEventListener("submit", ({ target }) => {
    if (leaves(target.action)) target.target = "_blank";
  });
  document.addEventListener("DOMContentLoaded", start);
})();
