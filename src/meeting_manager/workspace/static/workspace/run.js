/* How far it is, read again until it is finished; then the page with its result takes the place of this one. */
(() => {
  const every = 1000;

  const look = async () => {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-progress]");
    if (!fresh) {
      window.location.reload();
      return;
    }
    const here = document.querySelector("[data-progress]");
    here.querySelector("progress").value = fresh.querySelector("progress").value;
    here.querySelector("[role=status]").textContent = fresh.querySelector("[role=status]").textContent.trim();
    document.title = page.title;
    window.setTimeout(look, every);
  };

  const again = () => look().catch(() => window.setTimeout(again, 5 * every));
  window.setTimeout(again, every);
})();
