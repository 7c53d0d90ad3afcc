/** One message as a bubble. */

import { el, icon } from "./dom.js";

const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });
const TICK = "M4 12.5l5 5L20 6.5";
const TICKS = "M1.5 12.5l5 5L17 6.5M11.5 16l1.5 1.5L23 6.5";
const PLAY = "M8 5v14l11-7z";
const PAUSE = "M7 5h3v14H7zM14 5h3v14h-3z";
const WRAPS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

/** Names of the days for the separators. */
export function day(date) {
  const then = new Date(date * 1000);
  const now = new Date();
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 864e5);
  if (days === 0) return "Today";
  return days === 1 ? "Yesterday" : DAY.format(then);
}

/** Hours and minutes. */
export function time(date) {
  return TIME.format(new Date(date * 1000));
}

/**
 * A list item for the message. `acts` says what presses do: press(row, column), command(text), menu(button),
 * open(id), view(source, name); `read` whether the bot has received it; `presses` the pending presses' data.
 */
export function bubble(message, acts, { read, pending }) {
  const body = el("div", { class: "bubble" });
  if (message.forwarded) body.append(el("p", { class: "forwarded", text: `Forwarded from ${message.forwarded}` }));
  if (message.reply) {
    body.append(el("button", {
      type: "button", class: "replied", text: message.reply.text || "Deleted message", dir: "auto",
      "aria-label": `In reply to: ${message.reply.text || "a deleted message"}`,
      onclick: () => acts.open(message.reply.id),
    }));
  }
  const media = content(message, acts);
  if (media) body.append(media);
  if (message.text) body.append(el("div", { class: "text", dir: "auto" }, formatted(message, acts)));
  body.append(meta(message, read));
  const more = el("button", {
    type: "button", class: "more", "aria-haspopup": "menu", "aria-label": "Message menu",
    onclick: () => acts.menu(message, more),
  }, "⋮");
  body.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, img")) return;
    event.preventDefault();
    acts.menu(message, more);
  });
  const item = el("li", { class: `message ${message.bot ? "theirs" : "mine"} kind-${message.kind}${message.buttons.length ? " keyed" : ""}${message.text ? " captioned" : ""}`, "data-id": message.id });
  item.append(el("span", { class: "hidden", text: message.bot ? "The bot:" : "You:" }));
  item.append(el("div", { class: "line" }, body, more));
  if (message.buttons.length) item.append(buttons(message, acts, pending));
  return item;
}

function meta(message, read) {
  const node = el("span", { class: "meta" });
  if (message.protected) node.append(el("span", { title: "Can't be forwarded or saved", text: "🔒" }));
  if (message.edited) node.append(el("span", { text: "edited" }));
  node.append(el("time", { datetime: new Date(message.date * 1000).toISOString(), text: time(message.date) }));
  if (!message.bot) {
    const ticks = el("span", { class: "ticks", role: "img", "aria-label": read ? "received by the bot" : "sent" });
    ticks.append(icon(read ? TICKS : TICK, "icon tick"));
    node.append(ticks);
  }
  return node;
}

function buttons(message, acts, pending) {
  const grid = el("div", { class: "inline", role: "group", "aria-label": "Buttons" });
  message.buttons.forEach((row, line) => {
    const node = el("div", { class: "row" });
    row.forEach((button, column) => {
      if (button.url) {
        node.append(el("a", { href: button.url, target: "_blank", rel: "noopener noreferrer", dir: "auto" },
          button.text, el("span", { class: "corner", "aria-hidden": "true", text: "↗" })));
        return;
      }
      node.append(el("button", {
        type: "button", dir: "auto", text: button.text, class: pending.has(button.callback_data) ? "pending" : "",
        onclick: () => (button.copy_text ? acts.copy(button.copy_text.text) : acts.press(message, line, column)),
      }));
    });
    grid.append(node);
  });
  return grid;
}

function content(message, acts) {
  const source = (file) => `/chat/file/${file.file_id}`;
  if (message.photo) {
    const photo = message.photo.at(-1);
    const image = el("img", { src: source(photo), alt: message.text || "Photo", loading: "lazy" });
    if (photo.width) { image.width = photo.width; image.height = photo.height; }
    return el("button", {
      type: "button", class: "photo", "aria-label": "Open the photo",
      onclick: () => acts.view(image.src, image.alt),
    }, image);
  }
  if (message.voice) return player(source(message.voice), message.voice.duration);
  if (message.video_note) return el("div", { class: "note" }, el("span", { "aria-hidden": "true", text: "▶" }), "Video message");
  if (message.document) {
    const file = message.document;
    return el("a", { class: "document", href: source(file), download: file.file_name },
      el("span", { class: "disc", "aria-hidden": "true" }, icon("M7 3h7l4 4v14H7zM14 3v4h4")),
      el("span", {}, el("strong", { text: file.file_name }), el("small", { text: size(file.file_size) })));
  }
  if (message.sticker) return el("div", { class: "big", role: "img", "aria-label": "Sticker", text: message.sticker.emoji });
  if (message.location) {
    const { latitude, longitude } = message.location;
    return el("div", { class: "location" },
      el("div", { class: "map", "aria-hidden": "true" }, icon("M12 21s7-6.5 7-12a7 7 0 0 0-14 0c0 5.5 7 12 7 12zM12 11.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z")),
      el("strong", { text: "Position" }), el("small", { text: `${latitude.toFixed(4)}, ${longitude.toFixed(4)}` }));
  }
  if (message.contact) {
    return el("div", { class: "document" }, el("span", { class: "disc", "aria-hidden": "true" }, icon("M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-6 8-6s7 2 8 6")),
      el("span", {}, el("strong", { text: message.contact.first_name, dir: "auto" }), el("small", { text: message.contact.phone_number })));
  }
  return null;
}

function player(source, seconds) {
  const audio = new Audio();
  audio.preload = "none";
  audio.src = source;
  const bar = el("progress", { max: 1, value: 0, "aria-label": "Played" });
  const left = el("small", { text: clock(seconds) });
  const toggle = el("button", { type: "button", class: "disc", "aria-label": "Play the voice message" }, icon(PLAY, "icon solid"));
  const draw = () => {
    toggle.replaceChildren(icon(audio.paused ? PLAY : PAUSE, "icon solid"));
    toggle.setAttribute("aria-label", audio.paused ? "Play the voice message" : "Pause");
  };
  toggle.addEventListener("click", () => (audio.paused ? audio.play().catch(() => {}) : audio.pause()));
  for (const event of ["play", "pause", "ended"]) audio.addEventListener(event, draw);
  audio.addEventListener("timeupdate", () => {
    bar.value = audio.duration ? audio.currentTime / audio.duration : 0;
    left.textContent = clock(audio.ended ? seconds : audio.currentTime);
  });
  return el("div", { class: "voice" }, toggle, el("span", {}, bar, left));
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

/** The text with its entities as elements; JavaScript counts UTF-16 units, as Telegram does. */
function formatted(message, acts) {
  const build = (begin, end, entities) => {
    const part = document.createDocumentFragment();
    let done = begin;
    for (let index = 0; index < entities.length; index += 1) {
      const entity = entities[index];
      if (entity.offset < done) continue;
      const stop = entity.offset + entity.length;
      const inner = entities.slice(index + 1).filter((other) => other.offset + other.length <= stop && other.offset < stop);
      part.append(message.text.slice(done, entity.offset), wrapped(entity, build(entity.offset, stop, inner), message.text.slice(entity.offset, stop), acts));
      done = stop;
    }
    part.append(message.text.slice(done, end));
    return part;
  };
  return build(0, message.text.length, message.entities);
}

function wrapped(entity, inside, text, acts) {
  if (WRAPS[entity.type]) return el(WRAPS[entity.type], {}, inside);
  if (entity.type === "spoiler") {
    const node = el("button", { type: "button", class: "spoiler", "aria-label": "Hidden text: show", onclick: () => {
      node.classList.add("open");
      node.removeAttribute("aria-label");
    } }, inside);
    return node;
  }
  if (entity.type === "bot_command") return el("button", { type: "button", class: "link", dir: "ltr", onclick: () => acts.command(text) }, inside);
  const address = { text_link: entity.url, url: /^https?:/.test(text) ? text : `https://${text}`, email: `mailto:${text}` }[entity.type];
  if (address) return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, inside);
  return inside;
}
