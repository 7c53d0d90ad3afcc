// Live updates: the server says only "something changed here"; this module fetches the changed part as HTML.
const offline = document.querySelector(".offline");
const title = document.title;

function badge() {
  const count = Number(document.querySelector("[data-badge]")?.dataset.badge ?? 0);
  document.title = count > 0 ? `(${count}) ${title}` : title;
}

async function html(url) {
  const answer = await fetch(url, { headers: { "X-Fragment": "1" }, cache: "no-store" });
  if (answer.status === 401) location.assign("/login");
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.text();
}

// What was unfolded stays so. Under somebody's fingers nothing is exchanged, but a summary may be: it changes nothing.
function exchange(place, content) {
  const focused = document.activeElement?.closest("summary")?.parentElement.id;
  if (place.contains(document.activeElement) && !focused) return;
  const open = [...place.querySelectorAll("details[open]")].map((details) => details.id);
  place.innerHTML = content;
  for (const details of place.querySelectorAll("details")) {
    details.open = open.includes(details.id);
    if (details.id === focused) details.querySelector("summary").focus({ preventScroll: true });
  }
}

// What a screen reader is told, once: the fragment itself comes anew each time and would be read out whole.
function say() {
  const words = document.querySelector("[data-say]")?.dataset.say;
  const said = document.querySelector("[data-said]");
  if (said && words && said.textContent !== words) said.textContent = words;
}

let waiting = null;
async function refreshFragments() {
  for (const place of document.querySelectorAll("[data-fragment]")) exchange(place, await html(place.dataset.fragment));
  badge();
  say();
  // Some things change without anybody telling us, such as which model answers.
  const again = document.querySelector("[data-again]")?.dataset.again;
  clearTimeout(waiting);
  if (again) waiting = setTimeout(refresh, again);
}

setInterval(() => {
  for (const time of document.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(time.dataset.since)) / 1000));
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}, 1000);

// From the first line whose delivery is still open, so that "waiting" can become "sent".
async function refreshLines() {
  const list = document.querySelector("[data-lines]");
  if (!list) return;
  const lines = [...list.querySelectorAll("[data-seq]")];
  const open = lines.find((line) => ["waiting", "sending"].includes(line.dataset.delivery));
  const last = lines.at(-1)?.dataset.seq ?? 0;
  const after = open ? open.dataset.seq - 1 : last;
  const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 60;
  const fresh = document.createElement("ol");
  fresh.innerHTML = await html(`${list.dataset.lines}?after=${after}`);
  for (const line of [...fresh.children]) {
    const old = document.getElementById(line.id);
    if (!old) list.append(line);
    else if (old.dataset.delivery !== line.dataset.delivery) old.replaceWith(line);
  }
  if (atEnd) list.scrollTop = list.scrollHeight;
}

let running = null;
let again = false;
async function refresh() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  try {
    do {
      again = false;
      await refreshLines();
      await refreshFragments();
    } while (again);
    offline.hidden = true;
  } catch {
    offline.hidden = false;
    setTimeout(refresh, 2000);
  } finally {
    running = null;
  }
}

const address = document.body.dataset.live;
if (address) {
  const events = new EventSource(address);
  events.addEventListener("open", refresh);
  events.addEventListener("changed", refresh);
  events.addEventListener("error", () => {
    offline.hidden = false;
  });
}

const reply = document.querySelector("[data-reply]");
if (reply) {
  const box = reply.querySelector("textarea");
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) reply.requestSubmit();
  });
  reply.addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = new FormData(reply);
    if (!box.value.trim()) return;
    box.readOnly = true;
    try {
      const answer = await fetch(reply.action, { method: "POST", body: new URLSearchParams(words), headers: { "X-Fragment": "1" } });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      box.value = "";
      await refresh();
    } catch {
      offline.hidden = false;
    } finally {
      box.readOnly = false;
      box.focus();
    }
  });
  const list = document.querySelector("[data-lines]");
  list.scrollTop = list.scrollHeight;
}

document.querySelector(".languages select")?.addEventListener("change", (event) => event.target.form.requestSubmit());
document.querySelector(".languages button").hidden = true;
badge();
