"use strict";

// The chat page: draws what the server says of its seats, and tells it what people do. Everything
// that others have written enters the page as text nodes, never as markup.

const $ = (id) => document.getElementById(id);
const seats = new Map(); // id → seat, with unread and lastShown
let current = null; // the open seat's id
let actionLabels = [];
let missed = 0; // messages that came below the visible part
let replyTo = 0; // the message that what is written next answers; 0 for none

const digits = (value) => String(value).replace(/\d/g, (d) => "০১২৩৪৫৬৭৮৯"[d]);
const clock = new Intl.DateTimeFormat("bn-IN-u-nu-beng", { hour: "numeric", minute: "2-digit", hour12: true });
const dayName = new Intl.DateTimeFormat("bn-IN-u-nu-beng", { day: "numeric", month: "long", year: "numeric" });
const partOfDay = (hour) => hour < 4 ? "রাত" : hour < 6 ? "ভোর" : hour < 12 ? "সকাল" : hour < 16 ? "দুপুর" : hour < 18 ? "বিকেল" : hour < 20 ? "সন্ধ্যা" : "রাত";

function timeOf(seconds) {
  const date = new Date(seconds * 1000);
  const parts = clock.formatToParts(date);
  const part = (type) => (parts.find((p) => p.type === type) || {}).value || "";
  return `${partOfDay(date.getHours())} ${part("hour")}:${part("minute")}`;
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((c) => c !== null && c !== undefined));
  return element;
}

function hue(id) {
  return (Math.abs(Number(id) || 0) * 47) % 360;
}

function avatar(element, name, id) {
  const letters = new Intl.Segmenter("bn", { granularity: "grapheme" });
  const first = [...letters.segment(name.trim())][0];
  element.textContent = first ? first.segment : "·";
  element.style.setProperty("--hue", hue(id));
  return element;
}

async function call(path, body) {
  const answer = await fetch(path, body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error || "কাজটি হলো না");
  return value;
}

const deed = (name, body = {}, seat = current) => call(`/page/seats/${seat}/${name}`, body);

// attempt does something for the user and says so if it fails.
async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(error.message === "Failed to fetch" ? "সার্ভারে পৌঁছানো যাচ্ছে না" : error.message);
    return undefined;
  }
}

let toastTimer;
function toast(text) {
  $("toast").textContent = text;
  $("toast").classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => $("toast").classList.remove("shown"), 3500);
}

function alertBox(text) {
  $("alert-text").textContent = text;
  $("alert").showModal();
}

// ── the world as the server tells it ──

let loads = 0;
let meanwhile = null; // what was heard while the seats were read: they may have been read before it happened

async function load() {
  const mine = ++loads;
  meanwhile ??= [];
  try {
    const state = await call("/page/seats");
    if (mine === loads) take(state);
  } finally {
    if (mine === loads) {
      const heard = meanwhile;
      meanwhile = null;
      heard.forEach(hear);
    }
  }
}

function take(state) {
  actionLabels = state.actions;
  for (const fresh of state.seats) {
    const old = seats.get(fresh.id);
    fresh.byID = new Map(fresh.messages.map((m) => [m.message_id, m]));
    fresh.unread = old ? old.unread : 0;
    if (old && fresh.id !== current) {
      const known = Math.max(0, ...old.byID.keys());
      fresh.unread += fresh.messages.filter((m) => m.message_id > known && !isOwn(fresh, m)).length;
    }
    seats.set(fresh.id, fresh);
  }
  drawSeats();
  drawActions();
  if (current !== null) drawChat(false);
}

let loadTimer;
function loadSoon() {
  clearTimeout(loadTimer);
  loadTimer = setTimeout(() => load().catch(() => {}), 120);
}

function listen() {
  const source = new EventSource("/page/events");
  let begun = false;
  source.onopen = () => load().then(() => {
    $("state").textContent = "";
    if (!begun) begin();
    begun = true;
  }).catch(() => {
    $("state").textContent = "সার্ভারে পৌঁছানো যাচ্ছে না";
  });
  source.onerror = () => {
    $("state").textContent = "সংযোগ খোঁজা হচ্ছে…";
  };
  source.onmessage = (event) => hear(JSON.parse(event.data));
}

function hear(event) {
  if (meanwhile) return void meanwhile.push(event);
  if (["members", "profile", "seats"].includes(event.kind)) return loadSoon();
  for (const seat of seats.values()) {
    if (seat.key !== event.chat) continue;
    if (event.kind.startsWith("action:")) {
      if (seat.id === current) showTyping(event.kind === "action:cancel");
      continue;
    }
    if (event.kind === "message") arrive(seat, event.message);
    else if (event.kind === "edit") change(seat, event.message);
    else if (event.kind === "delete") vanish(seat, event.id);
  }
  drawSeats();
}

function arrive(seat, message) {
  if (seat.byID.has(message.message_id)) return change(seat, message);
  seat.byID.set(message.message_id, message);
  if (seat.chat.type === "private" && message.author === seat.user.id && (!seat.started || seat.blocked)) {
    seat.started = true;
    seat.blocked = false;
    if (seat.id === current) drawFoot(seat);
  }
  if (message.reply_keyboard) seat.keyboard = message.reply_keyboard;
  if (message.remove_keyboard) seat.keyboard = null;
  if (message.pinned_message) seat.pinned = message.pinned_message.message_id;
  if (seat.id !== current || document.hidden) {
    if (!isOwn(seat, message)) seat.unread++;
  }
  if (seat.id !== current) return;
  if (message.force_reply) answer(message);
  const stick = atBottom();
  $("log").querySelector(".about")?.remove();
  appendMessage(seat, message);
  showTyping(true);
  drawKeys(seat);
  drawPinned(seat);
  if (stick || isOwn(seat, message)) toBottom();
  else showDown(++missed);
}

function change(seat, message) {
  seat.byID.set(message.message_id, message);
  if (seat.id !== current) return;
  const old = $("log").querySelector(`[data-id="${message.message_id}"]`);
  if (!old) return;
  const stick = atBottom();
  const focused = old.contains(document.activeElement) ? document.activeElement.textContent : null;
  const fresh = drawMessage(seat, message);
  fresh.style.animation = "none";
  old.replaceWith(fresh);
  if (focused !== null) [...fresh.querySelectorAll("button")].find((b) => b.textContent === focused)?.focus();
  if (stick) toBottom();
}

function vanish(seat, id) {
  seat.byID.delete(id);
  if (seat.id !== current) return;
  const old = $("log").querySelector(`[data-id="${id}"]`);
  if (!old) return;
  old.classList.add("going");
  setTimeout(() => old.remove(), 220);
}

function isOwn(seat, message) {
  return message.author === seat.user.id && !message.via_bot;
}

// ── the list of seats ──

function lastOf(seat) {
  let last = null;
  for (const m of seat.byID.values()) if (!last || m.message_id > last.message_id) last = m;
  return last;
}

function glance(message) {
  if (!message) return "এখনও কোনও বার্তা নেই";
  const words = message.text || message.caption || "";
  if (words) return (message.photo ? "🖼 " : "") + words.replace(/\s+/g, " ").slice(0, 90);
  if (message.photo) return "🖼 ছবি";
  if (message.document) return "📎 " + (message.document.file_name || "ফাইল");
  if (message.poll) return "📊 " + message.poll.question;
  return serviceText(message) || "বার্তা";
}

function seatName(seat) {
  return seat.chat.type === "private" ? seat.bot.first_name : seat.chat.title;
}

function drawSeats() {
  const focused = document.activeElement?.dataset?.seat;
  const list = [...seats.values()].map((seat) => {
    const last = lastOf(seat);
    const button = make("button", { class: "seat", "data-seat": seat.id, "aria-current": String(seat.id === current), onclick: () => open(seat.id) },
      avatar(make("span", { class: "avatar", "aria-hidden": "true" }), seat.label, seat.user.id + (seat.chat.type === "private" ? 0 : seat.chat.id)),
      make("b", {}, seat.label),
      make("time", {}, last ? timeOf(last.date) : ""),
      make("small", {}, glance(last)));
    if (seat.unread > 0) button.append(make("span", { class: "count", "aria-label": `${digits(seat.unread)}টি না-পড়া বার্তা` }, digits(seat.unread)));
    return button;
  });
  $("seats").replaceChildren(...list);
  if (focused !== undefined) $("seats").querySelector(`[data-seat="${focused}"]`)?.focus();
  const unread = [...seats.values()].reduce((sum, s) => sum + s.unread, 0);
  document.title = unread ? `(${digits(unread)}) হরকরা · চ্যাট` : "হরকরা · চ্যাট";
}

function drawActions() {
  const box = $("actions");
  box.hidden = actionLabels.length === 0;
  if (box.dataset.labels === actionLabels.join("\n")) return;
  box.dataset.labels = actionLabels.join("\n");
  const said = make("p", { role: "status" });
  box.replaceChildren(make("h2", {}, "প্রকাশকের টেবিল"), said, ...actionLabels.map((label, i) => make("button", {
    onclick: async (event) => {
      const button = event.currentTarget;
      button.disabled = true;
      button.classList.add("busy");
      try {
        const answer = await call(`/page/actions/${i}`, {});
        said.textContent = answer.text || "হয়েছে";
      } catch (error) {
        said.textContent = error.message;
      }
      button.disabled = false;
      button.classList.remove("busy");
    },
  }, label)));
}

$("new-reader").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    const id = await call("/page/seats", { name: $("new-name").value });
    $("new-name").value = "";
    await load();
    open(id);
  });
});

// ── the open chat ──

function open(id) {
  if (current !== id) answer(null);
  current = id;
  const seat = seats.get(id);
  if (!seat) return;
  seat.unread = 0;
  missed = 0;
  showTyping(true);
  $("toast").classList.remove("shown"); // it was said in another chat
  $("app").classList.add("open");
  $("nothing").hidden = true;
  if (location.hash !== `#${id}`) history.pushState(null, "", `#${id}`);
  drawSeats();
  drawChat(true);
  if (matchMedia("(min-width: 761px)").matches && !$("composer").hidden) $("text").focus();
}

function close() {
  current = null;
  $("app").classList.remove("open");
  $("nothing").hidden = false;
  drawSeats();
}

// fromHash opens the seat the address names, or follows a link to the bot that a web page led here with (#t.me/…).
function fromHash() {
  const link = tmeLink("https://" + location.hash.slice(1));
  if (link) {
    history.replaceState(null, "", location.pathname);
    open(current ?? [...seats.keys()][0]);
    return follow(link);
  }
  const id = Number(location.hash.slice(1));
  if (location.hash && seats.has(id)) open(id);
  else close();
}

function drawChat(jump) {
  const seat = seats.get(current);
  const stick = jump || atBottom();
  avatar($("chat-avatar"), seatName(seat), seat.chat.type === "private" ? seat.bot.id : seat.chat.id);
  $("chat-title").textContent = seatName(seat);
  $("chat-note").textContent = noteOf(seat);
  const log = $("log");
  log.replaceChildren();
  delete log.dataset.day;
  const messages = [...seat.byID.values()].sort((a, b) => a.message_id - b.message_id);
  if (messages.length === 0 && seat.chat.type === "private" && seat.description) {
    log.append(make("div", { class: "about" }, make("b", {}, "এই বট কী করতে পারে?"), seat.description));
  }
  for (const m of messages) appendMessage(seat, m).style.animation = "none";
  drawFoot(seat);
  drawMenu(seat);
  drawPinned(seat);
  if (stick) toBottom();
}

function noteOf(seat) {
  const you = `আপনি এখন ${seat.user.first_name}`;
  if (seat.chat.type === "private") return `বট · ${you}`;
  const count = `${digits(seat.members)} জন ${seat.chat.type === "channel" ? "গ্রাহক" : "সদস্য"}`;
  return `${seat.chat.type === "channel" ? "চ্যানেল" : "গ্রুপ"} · ${count} · ${you}`;
}

let typingTimer;
function showTyping(stop) {
  clearTimeout(typingTimer);
  const seat = seats.get(current);
  if (!seat) return;
  $("chat-note").textContent = stop ? noteOf(seat) : "লিখছে…";
  if (!stop) typingTimer = setTimeout(() => showTyping(true), 5000);
}

function appendMessage(seat, message) {
  const day = dayName.format(new Date(message.date * 1000)).replace(",", "");
  const log = $("log");
  if (log.dataset.day !== day) {
    log.dataset.day = day;
    log.append(make("div", { class: "day" }, day));
  }
  const element = drawMessage(seat, message);
  log.append(element);
  return element;
}

function serviceText(m) {
  const name = (u) => u.first_name;
  if (m.new_chat_members) return `${m.new_chat_members.map(name).join(", ")} যোগ দিয়েছেন`;
  if (m.left_chat_member) return `${name(m.left_chat_member)} চলে গেছেন`;
  if (m.pinned_message) return "একটি বার্তা পিন করা হয়েছে";
  if (m.migrate_to_chat_id) return "গ্রুপটি সুপারগ্রুপ হয়েছে";
  if (m.migrate_from_chat_id) return "সুপারগ্রুপ তৈরি হয়েছে";
  if (m.chat_shared) return "একটি চ্যাট বটকে জানানো হয়েছে";
  if (m.forum_topic_created) return `টপিক “${m.forum_topic_created.name}” খোলা হয়েছে`;
  return "";
}

function drawMessage(seat, message) {
  const service = serviceText(message);
  if (service) {
    // What is written in answer to a topic's beginning stands in the topic.
    const begins = message.forum_topic_created && seat.may_write;
    return make(begins ? "button" : "div", { class: "service", "data-id": message.message_id, onclick: () => begins && answer(message) }, service);
  }
  const own = isOwn(seat, message) && seat.chat.type !== "channel";
  const bubble = make("div", { class: "bubble" });
  const box = make("article", { class: own ? "message out" : "message", "data-id": message.message_id, ondblclick: () => seat.may_write && answer(message) }, bubble);

  const sender = message.sender_chat ? message.sender_chat.title : message.from ? message.from.first_name : "";
  if (!own && seat.chat.type !== "private") {
    const tag = make("span", { class: "sender" }, sender);
    tag.style.setProperty("--hue", hue(message.sender_chat ? message.sender_chat.id : message.from?.id));
    bubble.append(tag);
  } else {
    bubble.append(make("span", { class: "hidden" }, own ? "আপনি: " : `${sender}: `));
  }
  const topic = message.is_topic_message && seat.byID.get(message.message_thread_id)?.forum_topic_created?.name;
  if (topic) bubble.append(make("span", { class: "topic" }, topic));
  if (message.forward_origin) {
    const o = message.forward_origin;
    bubble.append(make("div", { class: "forwarded" }, `ফরোয়ার্ড করা: ${o.chat?.title || o.sender_user?.first_name || o.sender_user_name || ""}`));
  }
  if (message.reply_to_message) {
    const id = message.reply_to_message.message_id;
    bubble.append(make("button", { class: "quote", onclick: () => showMessage(id) }, glance(message.reply_to_message)));
  }
  const words = message.text ? drawWords(seat, message.text, message.entities) : message.caption ? drawWords(seat, message.caption, message.caption_entities) : null;
  const media = drawMedia(seat, message);
  if (media?.classList.contains("picture")) bubble.classList.add("media");
  if (words && (message.show_caption_above_media || message.link_preview_options?.show_above_text === false)) bubble.append(words, media || "");
  else bubble.append(...[media, words].filter(Boolean));
  const preview = drawPreview(message);
  if (preview) message.link_preview_options?.show_above_text ? bubble.insertBefore(preview, words) : bubble.append(preview);

  bubble.append(make("div", { class: "foot-line" },
    seat.may_write ? make("button", { class: "answer", "aria-label": "উত্তর দিন", title: "উত্তর দিন", onclick: () => answer(message) }, "↩") : null,
    message.author_signature ? make("span", {}, message.author_signature) : null,
    message.silent ? make("span", { title: "শব্দ ছাড়া পাঠানো" }, "🔕") : null,
    message.edit_date ? make("span", {}, "সম্পাদিত") : null,
    make("time", { datetime: new Date(message.date * 1000).toISOString() }, timeOf(message.date))));
  if (message.reply_markup) box.append(drawButtons(seat, message));
  return box;
}

function drawMedia(seat, message) {
  if (message.photo) {
    const size = message.photo[message.photo.length - 1];
    const holder = make("div", { class: "picture" });
    const picture = make("img", { src: `/page/file/${encodeURIComponent(size.file_id)}`, alt: "ছবি", loading: "lazy", width: size.width, height: size.height });
    picture.addEventListener("load", () => stickIfNear());
    picture.addEventListener("error", () => picture.replaceWith(make("div", { class: "no-picture" }, "ছবিটি দেখা যাচ্ছে না")));
    holder.append(picture);
    return holder;
  }
  if (message.document) {
    return make("a", { class: "file", href: `/page/file/${encodeURIComponent(message.document.file_id)}`, target: "_blank", rel: "noopener" },
      make("span", { "aria-hidden": "true" }, "📄"), make("b", {}, message.document.file_name || "ফাইল"));
  }
  if (message.poll) {
    return make("div", { class: "poll" }, make("b", {}, message.poll.question),
      ...message.poll.options.map((o, i) => make("button", {
        disabled: message.poll.is_closed,
        onclick: () => attempt(() => deed("vote", { message: message.message_id, option: i }, seat.id)),
      }, make("span", {}, o.text), make("span", { "aria-label": `${digits(o.voter_count)} ভোট` }, digits(o.voter_count)))));
  }
  if (message.contact) return make("div", {}, `☎ ${message.contact.first_name} · ${message.contact.phone_number}`);
  return null;
}

// drawPreview stands for the link preview; the emulator fetches no page, so only the host is shown.
function drawPreview(message) {
  const options = message.link_preview_options || {};
  if (!message.text || options.is_disabled) return null;
  let link = options.url;
  for (const e of message.entities || []) {
    if (link) break;
    if (e.type === "text_link") link = e.url;
    if (e.type === "url" && /^https?:/i.test(message.text.substr(e.offset, e.length))) link = message.text.substr(e.offset, e.length);
  }
  if (!link || !/^https?:/i.test(link) || tmeLink(link)) return null;
  let host;
  try {
    host = new URL(link).host;
  } catch {
    return null;
  }
  return make("a", { class: "preview", href: link, target: "_blank", rel: "noopener noreferrer" }, make("b", {}, host), "লিংকের পূর্বরূপ");
}

// drawWords turns a text with entities into elements. Offsets are UTF-16 units, as in JavaScript.
function drawWords(seat, text, entities = []) {
  const root = make("div", { class: "words" });
  const stack = [{ element: root, end: text.length }];
  let at = 0;
  const put = (until) => {
    if (until > at) stack[stack.length - 1].element.append(text.slice(at, until));
    at = Math.max(at, until);
  };
  const closeUntil = (offset) => {
    while (stack.length > 1 && stack[stack.length - 1].end <= offset) {
      const done = stack.pop();
      const until = done.end;
      if (until > at) done.element.append(text.slice(at, until));
      at = Math.max(at, until);
      if (isBlock(done.element) && text[at] === "\n") at++; // the block breaks the line by itself
    }
  };
  for (const entity of entities) {
    closeUntil(entity.offset);
    const block = /quote|^pre$/.test(entity.type);
    put(block && text[entity.offset - 1] === "\n" ? entity.offset - 1 : entity.offset);
    at = Math.max(at, entity.offset);
    const element = drawEntity(seat, entity, text.slice(entity.offset, entity.offset + entity.length));
    stack[stack.length - 1].element.append(element);
    if (element.classList.contains("folded")) element.after(unfolder(element));
    stack.push({ element, end: entity.offset + entity.length });
  }
  closeUntil(text.length);
  put(text.length);
  return root;
}

function isBlock(element) {
  return element.tagName === "BLOCKQUOTE" || element.tagName === "PRE";
}

function unfolder(quote) {
  const button = make("button", { class: "unfold", "aria-expanded": "false" }, "পুরোটা দেখুন");
  const toggle = () => {
    const folded = quote.classList.toggle("folded");
    button.textContent = folded ? "পুরোটা দেখুন" : "ছোট করুন";
    button.setAttribute("aria-expanded", String(!folded));
  };
  button.addEventListener("click", toggle);
  return button;
}

function drawEntity(seat, entity, text) {
  const tags = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote" };
  if (tags[entity.type]) return make(tags[entity.type]);
  switch (entity.type) {
    case "expandable_blockquote":
      return make("blockquote", { class: "folded" });
    case "text_link":
      return linkTo(seat, entity.url);
    case "url":
      return linkTo(seat, /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
    case "email":
      return make("a", { href: `mailto:${text}` });
    case "bot_command":
      return make("button", { class: "tap", onclick: () => attempt(() => deed("say", { text })) });
    case "spoiler":
      return make("span", { class: "spoiler", tabindex: "0", role: "button", "aria-label": "ঢাকা লেখা", onclick: (e) => e.currentTarget.classList.add("seen") });
    case "mention": case "hashtag": case "cashtag": case "text_mention": case "phone_number": case "bank_card":
      return make("span", { class: "tap" });
  }
  return make("span");
}

function linkTo(seat, url) {
  const inside = tmeLink(url);
  const known = /^(https?|mailto|tg):/i.test(url);
  return make("a", {
    href: known ? url : "#", target: inside ? undefined : "_blank", rel: "noopener noreferrer",
    onclick: (event) => {
      if (!inside && known) return;
      event.preventDefault();
      if (inside) follow(inside);
    },
  });
}

// tmeLink reads a link to the bot of one of the seats: what it is to do, or null.
function tmeLink(url) {
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    return null;
  }
  let name = "";
  if (/^(www\.)?(t\.me|telegram\.me)$/i.test(parsed.host)) name = parsed.pathname.slice(1).replace(/\/$/, "");
  if (parsed.protocol === "tg:" && /resolve/.test(parsed.host + parsed.pathname)) name = parsed.searchParams.get("domain") || "";
  const bot = [...seats.values()].find((s) => s.bot.username?.toLowerCase() === name.toLowerCase());
  if (!bot || !name) return null;
  for (const kind of ["startchannel", "startgroup", "start"]) {
    if (parsed.searchParams.has(kind)) return { kind, payload: parsed.searchParams.get(kind) || "", rights: (parsed.searchParams.get("admin") || "").replace(/ /g, "+") };
  }
  return { kind: "open", payload: "" };
}

// follow does what a link to the bot does in a client.
async function follow(link) {
  const seat = seats.get(current);
  if (link.kind === "start" || link.kind === "open") {
    const id = await attempt(() => link.kind === "start" ? deed("start", { text: link.payload }) : deed("open"));
    if (id === undefined) return;
    await load();
    open(id);
    return;
  }
  const wanted = link.kind === "startchannel" ? ["channel"] : ["group", "supergroup"];
  const chat = await pick(link.kind === "startchannel" ? "কোন চ্যানেলে বটকে যোগ করবেন?" : "কোন গ্রুপে বটকে যোগ করবেন?",
    (seat.owned || []).filter((c) => wanted.includes(c.type)));
  if (!chat) return;
  const name = link.kind === "startchannel" ? "add-bot" : "start-group";
  if (await attempt(() => deed(name, { chat: chat.id, rights: link.rights, text: link.payload })) !== undefined) toast("বটকে যোগ করা হয়েছে");
}

// pick lets the user choose one of their chats; null if they choose none.
function pick(title, chats) {
  return new Promise((resolve) => {
    const dialog = $("picker");
    const done = (chat) => {
      dialog.onclose = null;
      dialog.close();
      resolve(chat);
    };
    $("picker-title").textContent = chats.length ? title : "আপনার পরিচালনায় এমন কোনো চ্যাট নেই।";
    $("picker-list").replaceChildren(...chats.map((chat) => make("button", { onclick: () => done(chat) },
      avatar(make("span", { class: "avatar", "aria-hidden": "true" }), chat.title, chat.id), make("b", {}, chat.title))));
    $("picker-cancel").onclick = () => done(null);
    dialog.onclose = () => resolve(null);
    dialog.showModal();
  });
}

function drawButtons(seat, message) {
  const rows = message.reply_markup.inline_keyboard.map((row) => make("div", { class: "row" }, ...row.map((b) => {
    const button = make("button", { class: `press ${b.style || ""} ${b.url ? "link" : ""}`.trim() }, b.text);
    button.addEventListener("click", () => pressed(seat, message, b, button));
    return button;
  })));
  return make("div", { class: "buttons" }, ...rows);
}

async function pressed(seat, message, b, button) {
  if (b.url) {
    const inside = tmeLink(b.url);
    if (inside) return follow(inside);
    if (/^https?:/i.test(b.url)) window.open(b.url, "_blank", "noopener,noreferrer");
    return;
  }
  if (b.copy_text) {
    await navigator.clipboard?.writeText(b.copy_text.text).catch(() => {});
    return toast("কপি হয়েছে");
  }
  const inline = b.switch_inline_query_current_chat ?? b.switch_inline_query;
  if (inline !== undefined) {
    text.value = `@${seat.bot.username} ${inline}`;
    searchInline();
    return text.focus();
  }
  if (!b.callback_data || button.classList.contains("busy")) return;
  button.classList.add("busy");
  button.setAttribute("aria-busy", "true");
  await attempt(async () => {
    const answer = await deed("press", { message: message.message_id, text: b.callback_data }, seat.id);
    if (answer.url) {
      const inside = tmeLink(answer.url);
      if (inside) await follow(inside);
    }
    if (answer.text) answer.show_alert ? alertBox(answer.text) : toast(answer.text);
  });
  button.classList.remove("busy");
  button.removeAttribute("aria-busy");
}

function showMessage(id) {
  const element = $("log").querySelector(`[data-id="${id}"]`);
  if (!element) return;
  element.scrollIntoView({ block: "center", behavior: "smooth" });
  element.classList.add("mark");
  setTimeout(() => element.classList.remove("mark"), 1200);
}

function drawPinned(seat) {
  const message = seat.pinned && seat.byID.get(seat.pinned);
  $("pinned").hidden = !message;
  if (!message) return;
  $("pinned").textContent = "📌 " + glance(message);
  $("pinned").onclick = () => showMessage(seat.pinned);
}

// ── scrolling ──

function atBottom() {
  const s = $("scroll");
  return s.scrollHeight - s.scrollTop - s.clientHeight < 90;
}

function toBottom() {
  $("scroll").scrollTop = $("scroll").scrollHeight;
  missed = 0;
  showDown(0);
}

let near = true;
$("scroll").addEventListener("scroll", () => {
  near = atBottom();
  if (near) missed = 0;
  showDown(missed);
});

function stickIfNear() {
  if (near) toBottom();
}

new ResizeObserver(stickIfNear).observe($("scroll")); // a keyboard or an answer of the desk takes room

function showDown(count) {
  $("down").hidden = atBottom();
  $("down-count").textContent = count ? digits(count) : "";
}

$("down").addEventListener("click", toBottom);
document.addEventListener("visibilitychange", () => {
  const seat = seats.get(current);
  if (!document.hidden && seat) {
    seat.unread = 0;
    drawSeats();
  }
});

// ── the foot: start, composer, commands, reply keyboard ──

function drawFoot(seat) {
  const start = $("start");
  const isPrivate = seat.chat.type === "private";
  start.hidden = !(isPrivate && (!seat.started || seat.blocked));
  start.textContent = seat.blocked ? "আনব্লক করে আবার শুরু করুন" : "শুরু করুন";
  start.onclick = () => attempt(() => deed("start", { text: "" }));
  $("composer").hidden = !seat.may_write || !start.hidden;
  $("text").placeholder = seat.chat.type === "channel" ? "চ্যানেলে লিখুন" : "বার্তা লিখুন";
  $("command-button").hidden = seat.commands.length === 0;
  $("foot-note")?.remove();
  if (!seat.may_write) $("composer").before(make("p", { class: "read-only", id: "foot-note" }, "এই চ্যানেলে শুধু পরিচালকেরা লেখেন"));
  drawKeys(seat);
  drawCommands("");
}

function drawKeys(seat) {
  const box = $("keys");
  box.hidden = !seat.keyboard || $("composer").hidden;
  if (box.hidden) return;
  box.replaceChildren(...seat.keyboard.keyboard.map((row) => make("div", { class: "row" }, ...row.map((key) => make("button", {
    onclick: () => attempt(async () => {
      if (key.request_chat) {
        const wanted = key.request_chat.chat_is_channel ? ["channel"] : ["group", "supergroup"];
        const chat = await pick(key.text, (seat.owned || []).filter((c) => wanted.includes(c.type)));
        if (chat) await deed("share", { text: key.text, chat: chat.id });
        return;
      }
      if (key.request_users) {
        const people = new Map([...seats.values()].map((s) => [s.user.id, { id: s.user.id, title: s.user.first_name }]));
        people.delete(seat.user.id);
        const person = await pick(key.text, [...people.values()]);
        if (person) await deed("share", { text: key.text, chat: person.id });
        return;
      }
      await deed("say", { text: key.text });
    }),
  }, key.text)))));
}

function drawCommands(filter, shown = false) {
  const seat = seats.get(current);
  const list = $("commands");
  const fitting = shown && seat ? seat.commands.filter((c) => c.command.startsWith(filter)) : [];
  list.hidden = fitting.length === 0;
  $("command-button").setAttribute("aria-expanded", String(!list.hidden));
  list.replaceChildren(...fitting.map((c) => make("li", {}, make("button", {
    onclick: () => {
      drawCommands("");
      $("text").value = "";
      attempt(() => deed("say", { text: "/" + c.command }));
    },
  }, make("b", {}, "/" + c.command), make("span", {}, c.description)))));
}

// searchInline lists what the bot finds for "@bot words" typed into the composer.
let inlineTimer;
function searchInline() {
  clearTimeout(inlineTimer);
  const seat = seats.get(current);
  const prefix = `@${seat?.bot.username} `;
  if (!seat?.inline || !text.value.toLowerCase().startsWith(prefix.toLowerCase())) return;
  const query = text.value.slice(prefix.length);
  inlineTimer = setTimeout(() => attempt(async () => {
    const found = await deed("inline", { text: query }, seat.id);
    if (current !== seat.id || text.value.slice(prefix.length) !== query) return;
    const list = $("commands");
    list.hidden = false;
    list.replaceChildren(...(found.length ? found : [{ title: "কিছু পাওয়া গেল না" }]).map((f) => make("li", {}, make("button", {
      disabled: !f.id,
      onclick: () => {
        drawCommands("");
        text.value = "";
        attempt(() => deed("choose", { text: f.id }, seat.id));
      },
    }, make("b", {}, f.title || ""), make("span", {}, f.description || "")))));
  }), 300);
}

$("command-button").addEventListener("click", () => drawCommands("", $("commands").hidden));

const text = $("text");
text.addEventListener("input", () => {
  text.style.height = "auto";
  text.style.height = Math.min(text.scrollHeight, 160) + "px";
  const typed = /^\/([a-z0-9_]*)$/i.exec(text.value);
  drawCommands(typed ? typed[1].toLowerCase() : "", Boolean(typed));
  searchInline();
});
text.addEventListener("keydown", (event) => {
  if (event.key === "Escape") drawCommands("");
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
});
// answer makes what is written next an answer to a message; null ends it.
function answer(message) {
  replyTo = message ? message.message_id : 0;
  $("replying").hidden = !message;
  $("replying-to").textContent = message ? glance(message) : "";
  if (message) text.focus();
}

$("replying-to").addEventListener("click", () => showMessage(replyTo));
$("replying-end").addEventListener("click", () => answer(null));

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value;
  if (!words.trim()) return;
  const message = replyTo;
  text.value = "";
  text.style.height = "auto";
  drawCommands("");
  answer(null);
  attempt(() => deed("say", { text: words, message })).then((id) => {
    if (id === undefined && !text.value) text.value = words;
  });
  text.focus();
});

// Pictures go as they are chosen, several as an album, with what is written as the caption of the first.
$("pictures").addEventListener("change", (event) => attempt(async () => {
  const files = [...event.target.files].slice(0, 10);
  const album = files.length > 1 ? String(Date.now()) : "";
  const [message, caption] = [replyTo, text.value];
  event.target.value = "";
  text.value = "";
  answer(null);
  for (const [i, file] of files.entries()) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const picture = btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
    await deed("say", { text: i ? "" : caption, message, picture, album });
  }
}));

// ── the menu of the chat ──

function drawMenu(seat) {
  const items = [];
  if (seat.chat.type === "private") {
    if (seat.started && !seat.blocked) items.push(["বটকে ব্লক করুন", () => deed("block")]);
    if (seat.blocked) items.push(["আনব্লক করুন", () => deed("unblock")]);
  } else if (seat.owner) {
    items.push(seat.bot_inside ? ["বটকে সরান", () => deed("remove-bot")] : ["বটকে অ্যাডমিন করুন", () => deed("add-bot")]);
  }
  $("menu-open").hidden = items.length === 0;
  showMenu(false);
  $("menu").replaceChildren(...items.map(([label, work]) => make("button", {
    role: "menuitem",
    onclick: () => {
      showMenu(false);
      attempt(work);
    },
  }, label)));
}

function showMenu(shown) {
  $("menu").hidden = !shown;
  $("menu-open").setAttribute("aria-expanded", String(shown));
  if (shown) $("menu").querySelector("button")?.focus();
}

$("menu-open").addEventListener("click", (event) => {
  event.stopPropagation();
  showMenu($("menu").hidden);
});
document.addEventListener("click", (event) => {
  if (!$("menu").contains(event.target)) showMenu(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") showMenu(false);
});
$("back").addEventListener("click", () => history.length > 1 && location.hash ? history.back() : close());
$("alert-ok").addEventListener("click", () => $("alert").close());
window.addEventListener("popstate", fromHash);

// begin opens the chat that the address names, or where there is room for one beside the list the first.
function begin() {
  if (location.hash) fromHash();
  else if (matchMedia("(min-width: 761px)").matches && seats.size) open([...seats.keys()][0]);
}

listen();
