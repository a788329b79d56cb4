// Reads calendars with ical.js: one JSON string a line comes in, its jCal (RFC 7265) or {"error": …} a line goes out.
import { createInterface } from "node:readline";
import ICAL from "ical.js";

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = ICAL.parse(JSON.parse(line));
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
