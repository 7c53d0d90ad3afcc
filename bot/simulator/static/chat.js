/** The chat page: several simulated people, each with their own chat with the bot. */

import { bubble, day, time } from "./bubble.js";
import { ask, at, colour, el, initials, post, show } from "./dom.js";
import { drawFaults, openFaults, wireFaults } from "./faults.js";

const PLACES = {
  Niš: [43.3209, 21.8958], Belgrade: [44.8125, 20.4612], Prishtina: [42.6629, 21.1655],
  Mitrovica: [42.8914, 20.866], Prizren: [42.2139, 20.7397], "Novi Pazar": [43.1367, 20.5122],
  Preševo: [42.3091, 21.6489], Vienna: [48.2082, 16.3738],
};
const STICKERS = [..."🙂😢😟🙏❤👍👎🌼🕊☕🌙🤝"];
const SPIN_SECONDS = 15;
const ACTIONS = {
  typing: "typing…", upload_photo: "sending a photo…", upload_document: "sending a file…",
  record_voice: "recording…", upload_voice: "sending a voice message…",
};

const world = { bot: { name: "" }, accounts: new Map(), messages: new Map() };
const drafts = new Map();
const pending = new Map(); // message id -> data of the buttons that wait for an answer
const shownAnswers = new Set();
const showsKeyboard = new Map();
let current = null;
let editing = null;
let replying = null;
let missed = 0;
let lastTop = 0;
let stuck = true; // whether the view follows the newest message
let actionEnds = 0;

/** On a phone the focus would open the keyboard over the chat. */
const hovers = () => matchMedia("(hover: hover)").matches;
const account = () => world.accounts.get(current);
const messages = () => world.messages.get(current) ?? new Map();

// ---- what the server tells

function connect() {
  const events = new EventSource("/chat/events");
  events.addEventListener("open", () => show(at("offline"), false));
  events.addEventListener("error", () => {
    show(at("offline"), true);
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  });
  events.addEventListener("world", (event) => load(JSON.parse(event.data)));
  events.addEventListener("account", (event) => {
    const changed = JSON.parse(event.data);
    const before = world.accounts.get(changed.id);
    world.accounts.set(changed.id, changed);
    if (!world.messages.has(changed.id)) world.messages.set(changed.id, new Map());
    drawPeople();
    if (changed.id === current) drawAround(before);
  });
  events.addEventListener("faults", (event) => drawFaults(JSON.parse(event.data), world.accounts));
  events.addEventListener("message", (event) => {
    const { account: id, message } = JSON.parse(event.data);
    keep(id, message);
  });
}

function load(data) {
  world.bot = data.bot;
  world.accounts = new Map(data.accounts.map((one) => [one.id, one]));
  world.messages = new Map(
    data.accounts.map((one) => [one.id, new Map(data.messages[one.id].map((message) => [message.id, message]))]),
  );
  for (const list of world.messages.values()) for (const message of list.values()) answered(message, true);
  show(at("offline"), false);
  if (current && !world.accounts.has(current)) current = null;
  drawPeople();
  follow();
  drawChat();
  drawFaults(data.faults, world.accounts);
}

function keep(id, message) {
  const list = world.messages.get(id) ?? new Map();
  world.messages.set(id, list);
  const isNew = !message.gone && !list.has(message.id);
  if (message.gone) list.delete(message.id);
  else list.set(message.id, message);
  answered(message, id !== current);
  if (id !== current) return;
  drawMessage(message);
  if (isNew && message.bot) {
    at("told").textContent = `${world.bot.name}: ${message.text || message.kind}`;
    if (document.visibilityState === "visible") seen();
  }
}

/** The bot answered a press: the button rests, and what it said is shown once. */
function answered(message, silently) {
  for (const press of message.presses ?? []) {
    if (!press.answered || shownAnswers.has(press.id)) continue;
    shownAnswers.add(press.id);
    pending.get(message.id)?.delete(press.data);
    if (silently || !press.text) continue;
    if (press.alert) tell(press.text);
    else toast(press.text);
  }
}

// ---- people

function drawPeople() {
  const people = [...world.accounts.values()].sort((one, two) => (two.last?.date ?? 9e9) - (one.last?.date ?? 9e9));
  const focused = document.activeElement?.closest?.("#people [data-id]")?.dataset.id;
  at("people").replaceChildren(...people.map(row));
  if (focused) at("people").querySelector(`[data-id="${focused}"]`)?.focus();
  show(at("nobody"), people.length === 0);
  const others = people.filter((one) => one.id !== current).reduce((sum, one) => sum + one.unread, 0);
  badge(at("elsewhere"), others);
  const all = people.reduce((sum, one) => sum + (one.id === current && document.visibilityState === "visible" ? 0 : one.unread), 0);
  document.title = `${all ? `(${all}) ` : ""}${account()?.name ?? "Simulated chats"}`;
}

function row(person) {
  const last = person.last;
  const button = el("button", {
    type: "button", class: "person", "data-id": person.id, "aria-current": person.id === current ? "true" : null,
    onclick: () => choose(person.id),
  },
  el("span", { class: `avatar ${colour(person.id)}`, "aria-hidden": "true", text: initials(person.name) }),
  el("span", { class: "name" }, el("strong", { text: person.name, dir: "auto" }),
    el("span", { class: "tongue", text: person.language }), last ? el("time", { text: time(last.date) }) : null),
  el("span", { class: "last" },
    el("span", { text: acting(person) || (last ? `${last.bot ? "" : "You: "}${last.text}` : "Has not started yet"), dir: "auto" }),
    person.blocked ? el("span", { class: "tongue", text: "blocked" }) : null,
    person.unread && person.id !== current
      ? el("span", { class: "badge", "aria-label": `${person.unread} unread`, text: person.unread }) : null));
  return el("li", {}, button);
}

function acting(person) {
  return person.action ? ACTIONS[person.action] ?? "busy…" : "";
}

function badge(node, number) {
  node.textContent = number || "";
  show(node, number > 0);
}

function choose(id) {
  location.hash = id;
}

/** The address says who is chosen, so that "back" works on a phone. */
function follow() {
  const wanted = Number(location.hash.slice(1));
  const next = world.accounts.has(wanted) ? wanted : null;
  at("app").dataset.view = next ? "chat" : "list";
  if (next === current) return;
  if (current) drafts.set(current, at("text").value);
  current = next;
  endContext(false);
  at("text").value = drafts.get(current) ?? "";
  drawPeople();
  drawChat();
  if (current && hovers()) at("text").focus();
}

async function addPerson() {
  at("new-name").value = "";
  if ((await ask(at("new-person"))) !== "ok") return;
  await act(async () => {
    const { id } = await post("/chat/persons", { language: at("new-language").value, name: at("new-name").value });
    const wait = () => (world.accounts.has(id) ? choose(id) : setTimeout(wait, 30));
    wait();
  });
}

function switchPerson() {
  const draw = () => {
    const words = at("switch-name").value.toLowerCase();
    const found = [...world.accounts.values()].filter((one) => `${one.name} ${one.language}`.toLowerCase().includes(words));
    at("switch-list").replaceChildren(...found.map((one, index) => el("li", {
      role: "option", "aria-selected": String(index === 0), "data-id": one.id, onclick: () => pick(one.id),
    }, el("span", { class: `avatar ${colour(one.id)}`, "aria-hidden": "true", text: initials(one.name) }),
    el("span", { text: one.name, dir: "auto" }), el("span", { class: "tongue", text: one.language }),
    one.unread ? el("span", { class: "badge", "aria-label": `${one.unread} unread`, text: one.unread }) : null)));
  };
  const pick = (id) => {
    at("switcher").close();
    choose(id);
  };
  at("switch-name").value = "";
  at("switch-name").oninput = draw;
  at("switch-name").onkeydown = (event) => {
    const options = [...at("switch-list").children];
    if (event.key === "Enter") {
      event.preventDefault();
      const chosen = options.find((one) => one.getAttribute("aria-selected") === "true");
      if (chosen) pick(Number(chosen.dataset.id));
    } else if (moveSelection(options, event)) event.preventDefault();
  };
  draw();
  if (!at("switcher").open) at("switcher").showModal();
}

/** Moves aria-selected with the arrow keys; says whether it did. */
function moveSelection(options, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !options.length) return false;
  const now = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  options.forEach((one) => one.setAttribute("aria-selected", "false"));
  const next = options[(now + step + options.length) % options.length];
  next.setAttribute("aria-selected", "true");
  next.scrollIntoView({ block: "nearest" });
  return true;
}

// ---- the chat

function drawChat() {
  const person = account();
  for (const id of ["head", "foot"]) show(at(id), Boolean(person));
  show(at("choose"), !person);
  at("log").replaceChildren();
  missed = lastTop = 0;
  if (!person) {
    show(at("welcome"), false);
    show(at("down"), false);
    return;
  }
  at("log").append(...withDays([...messages().values()]));
  drawAround();
  drawText();
  toEnd();
  numberButtons();
  seen();
}

function draw(message) {
  return bubble(message, acts, {
    read: message.id <= (account()?.read_up_to ?? 0),
    pending: pending.get(message.id) ?? new Set(),
  });
}

function withDays(list) {
  const nodes = [];
  let last = "";
  for (const message of list) {
    const name = day(message.date);
    if (name !== last) nodes.push(el("li", { class: "day", text: name }));
    last = name;
    nodes.push(draw(message));
  }
  return nodes;
}

function drawMessage(message) {
  const log = at("log");
  const old = log.querySelector(`[data-id="${message.id}"]`);
  const atEnd = stuck;
  const held = old?.contains(document.activeElement);
  if (message.gone) {
    const before = old?.previousElementSibling;
    const after = old?.nextElementSibling;
    old?.remove();
    if (before?.classList.contains("day") && !after?.classList.contains("message")) before.remove();
  } else if (old) {
    old.replaceWith(draw(message));
    if (held) at("text").focus();
  } else {
    if (!log.children.length || day(lastDate(message)) !== day(message.date)) log.append(el("li", { class: "day", text: day(message.date) }));
    const node = draw(message);
    node.classList.add("new");
    log.append(node);
    if (!atEnd && message.bot) missed += 1;
  }
  numberButtons();
  show(at("welcome"), messages().size === 0 && !account().blocked);
  if (atEnd || (!old && !message.bot)) toEnd();
  else drawDown();
}

function lastDate(message) {
  const dates = [...messages().values()].filter((one) => one.id !== message.id).map((one) => one.date);
  return dates.at(-1) ?? 0;
}

/** Everything around the messages: head, typing, keyboard, ticks. */
function drawAround(before) {
  const person = account();
  at("bot").textContent = world.bot.name;
  at("status").textContent = person.blocked ? "blocked" : acting(person) || "bot";
  at("status").classList.toggle("acting", Boolean(person.action) && !person.blocked);
  at("me").replaceChildren(
    el("span", { class: `avatar small ${colour(person.id)}`, "aria-hidden": "true", text: initials(person.name) }),
    el("span", {}, el("small", { text: "You are" }), el("strong", { text: person.name, dir: "auto" })));
  if (person.action) {
    actionEnds = Date.now() + 5000;
    setTimeout(() => {
      if (Date.now() < actionEnds - 50 || account()?.id !== person.id) return;
      account().action = null;
      drawAround(account());
      drawPeople();
    }, 5000);
  }
  at("about").textContent = person.about || "What can this bot do?";
  show(at("welcome"), messages().size === 0 && !person.blocked);
  show(at("composer"), !person.blocked);
  show(at("unblock"), person.blocked);
  drawKeyboard(person);
  if (person.forced_reply && person.forced_reply !== before?.forced_reply) {
    const asked = messages().get(person.forced_reply);
    if (asked && !editing) reply(asked);
  }
  if (before && before.read_up_to !== person.read_up_to) {
    for (const message of messages().values()) {
      if (!message.bot && message.id > before.read_up_to && message.id <= person.read_up_to) {
        at("log").querySelector(`[data-id="${message.id}"]`)?.replaceWith(draw(message));
      }
    }
  }
}

function drawKeyboard(person) {
  const rows = person.keyboard?.keyboard ?? [];
  const open = rows.length > 0 && !person.blocked && (showsKeyboard.get(person.id) ?? true);
  show(at("keys"), rows.length > 0);
  at("keys").setAttribute("aria-expanded", String(open));
  show(at("keyboard"), open);
  at("text").placeholder = person.keyboard?.input_field_placeholder || "Message";
  at("keyboard").replaceChildren(...rows.map((line) => el("div", { class: "row" }, ...line.map((key) => el("button", {
    type: "button", text: key.text, dir: "auto", onclick: () => pressKey(key),
  })))));
}

/** The newest message's buttons show the digits that press them. */
function numberButtons() {
  for (const node of document.querySelectorAll("[data-digit]")) node.removeAttribute("data-digit");
  numbered().forEach((button, index) => index < 9 && button.setAttribute("data-digit", index + 1));
}

function numbered() {
  const grids = at("log").querySelectorAll(".inline");
  return grids.length ? [...grids[grids.length - 1].querySelectorAll("button, a")] : [];
}

function nearEnd() {
  const box = at("scroll");
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

function toEnd() {
  stuck = true;
  at("scroll").scrollTop = at("scroll").scrollHeight;
  missed = 0;
  drawDown();
}

function drawDown() {
  if (nearEnd()) missed = 0;
  show(at("down"), Boolean(account()) && !nearEnd());
  badge(at("below"), missed);
}

// ---- what the person does

async function act(work) {
  try {
    await work();
    return true;
  } catch (problem) {
    toast(problem instanceof TypeError ? "Not sent: the simulated Telegram can't be reached." : problem.message);
    return false;
  }
}

const does = (name, body = {}) => act(() => post(`/chat/persons/${current}/${name}`, body));

function seen() {
  if (account()?.unread && document.visibilityState === "visible") does("seen");
}

async function send() {
  const box = at("text");
  const text = box.value.trim();
  if (!text) return;
  const [edited, replied] = [editing, replying];
  box.value = "";
  endContext(false);
  drawText();
  hideCommands();
  const done = edited
    ? await does("edit", { message_id: edited.id, text })
    : await does("text", { text, reply_to: replied?.id });
  if (!done && !box.value) {
    box.value = text;
    drawText();
  }
  box.focus();
}

const acts = {
  press(message, line, column) {
    const button = message.buttons[line][column];
    const waiting = pending.get(message.id) ?? new Set();
    pending.set(message.id, waiting.add(button.callback_data));
    const rest = () => {
      if (waiting.delete(button.callback_data) && messages().has(message.id)) drawMessage(messages().get(message.id));
    };
    setTimeout(rest, SPIN_SECONDS * 1000);
    does("press", { message_id: message.id, row: line, column }).then((done) => done || rest());
  },
  command: (text) => does("text", { text }),
  copy: (text) => navigator.clipboard.writeText(text).then(() => toast("Copied.")),
  open(id) {
    const node = at("log").querySelector(`[data-id="${id}"]`);
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("found");
    setTimeout(() => node?.classList.remove("found"), 1500);
  },
  view(source, name) {
    at("viewed").src = source;
    at("viewed").alt = name;
    at("viewer").showModal();
  },
  menu(message, button) {
    const own = !message.bot;
    openMenu(button, [
      ["Reply", () => reply(message)],
      own && message.kind === "text" ? ["Edit", () => edit(message)] : null,
      message.text ? ["Copy", () => acts.copy(message.text)] : null,
      message.protected ? null : ["Forward to the bot", () => does("forward", { message_id: message.id })],
      ["Delete for both", () => does("delete", { message_id: message.id })],
      ["Delete only here", () => does("delete", { message_id: message.id, also_for_bot: false })],
    ]);
  },
};

async function pressKey(key) {
  if (key.request_contact && !(await sure("Share your phone number with the bot?", "Share"))) return;
  if (key.request_location) {
    const place = await askPlace();
    if (place) does("key", { text: key.text, ...place });
    return;
  }
  does("key", { text: key.text });
  at("text").focus();
}

async function askPlace() {
  if ((await ask(at("place"))) !== "ok") return null;
  return { latitude: Number(at("latitude").value), longitude: Number(at("longitude").value) };
}

async function sendPlace() {
  const place = await askPlace();
  if (place) does("location", place);
}

function pickFile(kind, accept) {
  const picker = at("file");
  picker.accept = accept;
  picker.value = "";
  picker.onchange = () => {
    const [file] = picker.files;
    if (file) upload(kind, file);
  };
  picker.click();
}

function upload(kind, file) {
  const form = new FormData();
  form.set("kind", kind);
  form.set("caption", at("text").value.trim());
  form.set("file", file);
  act(async () => {
    await post(`/chat/persons/${current}/file`, form);
    at("text").value = "";
    drawText();
  });
}

function reply(message) {
  replying = message;
  editing = null;
  drawContext("Reply", message.text || message.kind);
}

function edit(message) {
  editing = message;
  replying = null;
  at("text").value = message.text;
  drawContext("Edit message", message.text);
}

function drawContext(title, text) {
  at("context-title").textContent = title;
  at("context-text").textContent = text;
  show(at("context"), true);
  drawText();
  at("text").focus();
}

function endContext(clears = true) {
  if (editing && clears) at("text").value = "";
  editing = replying = null;
  show(at("context"), false);
  drawText();
}

// ---- the composer

function drawText() {
  const box = at("text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
  at("send").disabled = !box.value.trim();
}

function drawCommands(force = false) {
  const typed = /^\/(\w*)$/.exec(at("text").value);
  const all = account()?.commands ?? [];
  const found = typed ? all.filter((one) => one.command.startsWith(typed[1].toLowerCase())) : force ? all : [];
  show(at("commands"), found.length > 0);
  at("slash").setAttribute("aria-expanded", String(found.length > 0));
  at("commands").replaceChildren(...found.map((one, index) => el("li", {
    role: "option", "aria-selected": String(index === 0), "data-command": one.command,
    onclick: () => sendCommand(one.command),
  }, el("strong", { text: `/${one.command}` }), el("span", { text: one.description, dir: "auto" }))));
  if (force && !found.length) toast("The bot has set no commands.");
}

function hideCommands() {
  show(at("commands"), false);
  at("slash").setAttribute("aria-expanded", "false");
}

function sendCommand(command) {
  at("text").value = "";
  hideCommands();
  drawText();
  does("text", { text: `/${command}` });
  at("text").focus();
}

function typed(event) {
  const options = at("commands").hidden ? [] : [...at("commands").children];
  if (options.length && moveSelection(options, event)) event.preventDefault();
  else if (options.length && ["Enter", "Tab"].includes(event.key) && !event.shiftKey) {
    event.preventDefault();
    sendCommand(options.find((one) => one.getAttribute("aria-selected") === "true").dataset.command);
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send();
  } else if (event.key === "ArrowUp" && !at("text").value && !editing) {
    const own = [...messages().values()].filter((one) => !one.bot && one.kind === "text");
    if (own.length) {
      event.preventDefault();
      edit(own.at(-1));
    }
  } else if (event.key === "Escape") {
    hideCommands();
    endContext();
  }
}

// ---- menus, questions, notes

function openMenu(button, entries) {
  const menu = at("menu");
  menu.replaceChildren(...entries.filter(Boolean).map(([text, action, kind]) => el("button", {
    type: "button", role: "menuitem", text, class: kind ?? "", onclick: () => {
      menu.hidePopover();
      action();
    },
  })));
  menu.showPopover();
  const box = button.getBoundingClientRect();
  const room = { width: menu.offsetWidth, height: menu.offsetHeight };
  menu.style.left = `${Math.max(8, Math.min(box.right - room.width, innerWidth - room.width - 8))}px`;
  menu.style.top = `${box.bottom + room.height + 8 < innerHeight ? box.bottom + 4 : Math.max(8, box.top - room.height - 4)}px`;
  menu.firstElementChild.focus();
  menu.onkeydown = (event) => {
    const all = [...menu.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
  };
}

async function sure(question, yes) {
  at("alert-text").textContent = question;
  at("alert-ok").textContent = yes;
  show(at("alert-cancel"), true);
  return (await ask(at("alert"))) === "ok";
}

function tell(text) {
  at("alert-text").textContent = text;
  at("alert-ok").textContent = "OK";
  show(at("alert-cancel"), false);
  ask(at("alert"));
}

let toastEnds;
function toast(text) {
  at("toast").textContent = text;
  show(at("toast"), true);
  clearTimeout(toastEnds);
  toastEnds = setTimeout(() => show(at("toast"), false), 4000);
}

function chatMenu() {
  const person = account();
  openMenu(at("more"), [
    ["Clear the chat", async () => (await sure("Delete the whole chat, for you and the bot?", "Delete")) && does("clear")],
    person.blocked
      ? ["Unblock and restart", () => does("unblock")]
      : ["Block the bot", async () => (await sure("Block the bot? It can no longer write to this person.", "Block")) && does("block"), "danger"],
    ["Make Telegram fail…", fail],
    ["Keyboard", () => at("shortcuts").showModal()],
  ]);
}

const fail = () => openFaults(world.accounts, current);

function attachMenu() {
  openMenu(at("attach"), [
    ["Photo…", () => pickFile("photo", "image/*")],
    ["Sample photo", () => does("sample", { kind: "photo" })],
    ["Sample voice message", () => does("sample", { kind: "voice" })],
    ["Voice from a file…", () => pickFile("voice", "audio/*")],
    ["Sample video message", () => does("sample", { kind: "video_note" })],
    ["Position…", sendPlace],
    ["Document…", () => pickFile("document", "")],
    ["Own contact", () => does("contact")],
    ["Sticker…", () => at("stickers").showModal()],
  ]);
}

// ---- wiring

function wire() {
  const click = { add: addPerson, find: switchPerson, more: chatMenu, attach: attachMenu, down: toEnd, fail, failing: fail, slash: () => (at("commands").hidden ? drawCommands(true) : hideCommands()) };
  for (const [id, action] of Object.entries(click)) at(id).addEventListener("click", action);
  at("back").addEventListener("click", () => { location.hash = ""; });
  at("start").addEventListener("click", () => {
    does("text", { text: "/start" });
    if (hovers()) at("text").focus();
  });
  at("unblock").addEventListener("click", () => does("unblock"));
  at("context-end").addEventListener("click", () => endContext());
  at("keys").addEventListener("click", () => {
    showsKeyboard.set(current, at("keyboard").hidden);
    drawKeyboard(account());
  });
  at("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  at("text").addEventListener("keydown", typed);
  at("text").addEventListener("input", () => {
    drawText();
    drawCommands();
  });
  at("scroll").addEventListener("scroll", () => {
    const top = at("scroll").scrollTop;
    // only who scrolls up leaves the end; messages that came since the last scroll don't count
    if (nearEnd()) stuck = true;
    else if (top < lastTop - 1) stuck = false;
    lastTop = top;
    drawDown();
  }, { passive: true });
  // pictures that arrive late and keyboards that open move the end
  const grown = new ResizeObserver(() => (stuck ? toEnd() : drawDown()));
  for (const id of ["log", "scroll"]) grown.observe(at(id));
  at("presets").append(...Object.entries(PLACES).map(([name, [latitude, longitude]]) => el("button", {
    type: "button", text: name, onclick: () => {
      at("latitude").value = latitude;
      at("longitude").value = longitude;
    },
  })));
  at("emoji").append(...STICKERS.map((emoji) => el("button", {
    type: "button", text: emoji, onclick: () => {
      at("stickers").close();
      does("sticker", { emoji });
    },
  })));
  for (const node of document.querySelectorAll("[data-close]")) node.addEventListener("click", () => node.closest("dialog").close());
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }
  addEventListener("hashchange", follow);
  document.addEventListener("visibilitychange", () => {
    seen();
    drawPeople();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      switchPerson();
    } else if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
      const button = numbered()[Number(event.code.at(-1)) - 1];
      if (!button || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      button.click();
    }
  });
  document.addEventListener("paste", (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
    if (file && account()) upload("photo", file);
  });
}

wire();
wireFaults(act);
connect();
