/* Meeting Manager: booking pages in every <div data-meeting-manager="department/meeting-type">. */
(() => {
  "use strict";
  const script = document.currentScript;
  const site = new URL(script.src).origin;
  const places = new Map();

  const address = ({ meetingManager, timezone, language, clock }) => {
    const url = new URL(`/embed/${meetingManager}`, site);
    timezone ||= Intl.DateTimeFormat().resolvedOptions().timeZone;
    const query = { origin: location.origin, timezone, language, clock };
    for (const name in query) if (query[name]) url.searchParams.set(name, query[name]);
    return url;
  };

  const fill = (place) => {
    const frame = document.createElement("iframe");
    frame.src = address(place.dataset);
    frame.title = place.dataset.title || "Book a meeting";
    frame.loading = "lazy";
    Object.assign(frame.style, { display: "block", width: "100%", height: "40rem", border: 0 });
    let pages = 0;
    frame.onload = () => {
      // Each step is shown from its top.
      if (pages++ && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
    };
    place.replaceChildren(frame);
    places.set(frame, place);
  };

  addEventListener("message", ({ source, origin, data }) => {
    if (origin !== site || data?.source !== "meeting-manager") return;
    for (const [frame, place] of places) {
      if (frame.contentWindow !== source) continue;
      const { source: _, type, ...detail } = data;
      if (type === "height") frame.style.height = `${detail.height}px`;
      if (type === "booked") place.dispatchEvent(new CustomEvent("meeting-manager:booked", { detail, bubbles: true }));
    }
  });

  const start = () => {
    if (script.dataset.meetingManager) {
      const place = document.createElement("div");
      Object.assign(place.dataset, script.dataset);
      script.after(place);
    }
    document.querySelectorAll("div[data-meeting-manager]").forEach(fill);
  };

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
