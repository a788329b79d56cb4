// Solves a form's puzzle (web/proof.py): n so that SHA-256 of "challenge:n" begins with so many zero bits.
// It has its own SHA-256, as browsers offer theirs on https only.
(() => {
  const box = document.querySelector("[data-proof]");
  const form = box.closest("form");
  const [challenge, answer, status] = box.querySelectorAll("input, p");
  const text = `${challenge.value}:`;
  const shift = 32 - box.dataset.proof;

  // 32 bits of the fractions of square and cube roots of the first primes.
  const fraction = (root) => ((root % 1) * 2 ** 32) | 0;
  const isPrime = (n, d = 2) => d * d > n || (n % d > 0 && isPrime(n, d + 1));
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (isPrime(n)) primes.push(n);
  const constants = primes.map((n) => fraction(Math.cbrt(n)));
  const start = primes.slice(0, 8).map((n) => fraction(Math.sqrt(n)));

  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  const w = new Int32Array(64);
  const mix = (state, words, at) => {
    for (let i = 0; i < 16; i++) w[i] = words[at + i];
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const p = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + constants[i] + w[i]) | 0;
      const q = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + p) | 0, c, b, a, (p + q) | 0];
    }
    return [a, b, c, d, e, f, g, h].map((x, i) => (x + state[i]) | 0);
  };
  const hash = (state, words) => {
    for (let at = 0; at < words.length; at += 16) state = mix(state, words, at);
    return state;
  };
  const put = (words, piece) => {
    for (let i = 0; i < piece.length; i++) words[i >> 2] |= piece.charCodeAt(i) << (24 - 8 * (i & 3));
    return words;
  };

  // What tries share is hashed once.
  const shared = text.length & ~63;
  const begun = hash(start, put(new Int32Array(shared / 4), text.slice(0, shared)));
  const solves = (n) => {
    const tail = text.slice(shared) + n;
    const words = put(new Int32Array(((tail.length + 8) >> 6) * 16 + 16), `${tail}\x80`);
    words[words.length - 1] = (shared + tail.length) * 8;
    return hash(begun, words)[0] >>> shift === 0;
  };

  let n = 0, button; // set once the form waits
  const search = () => {
    const until = performance.now() + 20; // the page answers in between
    while (!solves(n)) {
      n++;
      if (performance.now() > until) return setTimeout(search);
    }
    answer.value = n;
    if (button !== undefined) form.requestSubmit(button);
  };
  form.addEventListener("submit", (event) => {
    if (answer.value || event.submitter?.name === "rezone") return;
    event.preventDefault();
    button = event.submitter;
    status.textContent = status.dataset.text;
  });
  search();
})();
