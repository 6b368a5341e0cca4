// The floor plan editor: one value, drawn twice. On the map a sign is moved by mouse, finger or arrow keys; in the list
// beside it the same numbers are typed. All positions are metres from the left and the upper edge.
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const STEP_M = 0.1;
  const STRIDE_M = 1;
  const WIDTH_READ_M = 20;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function make(name, attributes, children) {
    const node = document.createElement(name);
    Object.entries(attributes || {}).forEach(([key, value]) => node.setAttribute(key, value));
    (children || []).forEach((child) => node.append(child));
    return node;
  }

  function draw(name, attributes) {
    const node = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
    return node;
  }

  // Within a sign there is room for little: the floor goes without saying.
  function short_name(thing, floor) {
    if (thing.list === "devices") return thing.code.slice(-4);
    const text = thing.name.startsWith(floor) ? thing.name.slice(floor.length) : thing.name.replace(/^[^-]*-/, "");
    return text.length > 3 ? thing.code.split("-").pop().toUpperCase().slice(0, 4) : text;
  }

  class Editor {
    constructor(root, plan) {
      this.plan = plan;
      this.words = plan.words;
      this.signs = new Map();
      this.rows = new Map();
      root.replaceChildren(this.form());
      plan.things.forEach((thing) => this.show(thing));
    }

    form() {
      this.status = make("p", { class: "hint", role: "status" });
      this.refusal = make("p", { class: "refusal", role: "alert" });
      const form = make("form", { class: "plan-form", method: "post", novalidate: "" }, [
        this.settings(),
        make("p", { class: "hint" }, [this.words.keys]),
        this.legend(),
        make("div", { class: "plan-halves" }, [this.map(), this.list()]),
        make("div", { class: "plan-save" }, [
          make("button", { type: "submit", class: "button" }, [this.words.save]),
          this.status,
          this.refusal,
        ]),
      ]);
      form.addEventListener("submit", (event) => this.save(event));
      return form;
    }

    settings() {
      const plan = this.plan;
      this.first = this.input("text", plan.first);
      this.picture = make("input", { type: "file", accept: ".svg,.png,.jpg,.jpeg,image/svg+xml,image/png,image/jpeg" });
      this.picture.addEventListener("change", () => this.show_picture());
      this.width = this.input("number", plan.width_m, () => this.resize());
      this.height = this.input("number", plan.height_m, () => this.resize());
      return make("div", { class: "plan-settings" }, [
        this.label(this.words.first, this.first, this.words.first_hint),
        this.label(this.words.picture, this.picture, this.words.picture_hint),
        this.label(this.words.width, this.width),
        this.label(this.words.height, this.height),
      ]);
    }

    label(text, input, hint) {
      const parts = [make("span", {}, [text]), input];
      if (hint) parts.splice(1, 0, make("span", { class: "hint" }, [hint]));
      return make("label", {}, parts);
    }

    input(kind, value, changed) {
      const input = make("input", { type: kind, value: String(value), autocomplete: "off" });
      if (kind === "number") Object.assign(input, { min: "0", max: "1000", step: "0.1" });
      if (changed) input.addEventListener("input", changed);
      return input;
    }

    legend() {
      const box = make("input", { type: "checkbox" });
      box.addEventListener("change", () => this.svg.classList.toggle("with-devices", box.checked));
      return make("label", { class: "plan-legend" }, [box, " " + this.words.devices]);
    }

    map() {
      this.svg = draw("svg", { role: "group", "aria-label": this.words.map, class: "plan-map" });
      this.image = draw("image", { x: 0, y: 0, preserveAspectRatio: "none" });
      if (this.plan.picture) this.image.setAttribute("href", this.plan.picture);
      this.svg.append(this.image);
      this.resize();
      return make("div", { class: "plan-map-frame" }, [this.svg]);
    }

    resize() {
      const width = Number(this.width.value) || this.plan.width_m;
      const height = Number(this.height.value) || this.plan.height_m;
      this.size = [width, height];
      // On a wide floor signs are drawn larger than they are, so that they can be read.
      this.scale = Math.min(1.5, Math.max(1, width / WIDTH_READ_M));
      this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      this.image.setAttribute("width", width);
      this.image.setAttribute("height", height);
      this.signs.forEach((_sign, thing) => this.place(thing));
    }

    show_picture() {
      const file = this.picture.files[0];
      if (!file) return;
      const reader = new FileReader();
      reader.onload = () => this.preview(reader.result);
      reader.readAsDataURL(file);
    }

    preview(address) {
      const loaded = new Image();
      loaded.onload = () => {
        const ratio = loaded.naturalHeight / loaded.naturalWidth;
        if (ratio > 0) this.height.value = (Number(this.width.value) * ratio).toFixed(1);
        this.resize();
      };
      loaded.src = address;
      this.image.setAttribute("href", address);
      this.changed();
    }

    list() {
      const names = [this.words.thing, this.words.kind, this.words.on, this.words.x, this.words.y];
      const head = make("tr", {}, names.map((name) => make("th", { scope: "col" }, [name])));
      const body = make("tbody", {}, this.plan.things.map((thing) => this.row(thing)));
      const table = make("table", { class: "table" }, [
        make("caption", {}, [this.words.list]),
        make("thead", {}, [head]),
        body,
      ]);
      const frame = { class: "scrolling plan-list", tabindex: "0", role: "region", "aria-label": this.words.list };
      return make("div", frame, [table]);
    }

    row(thing) {
      const on = make("input", { type: "checkbox", "aria-label": `${thing.name} ${this.words.on}` });
      on.checked = thing.on;
      on.addEventListener("change", () => this.put(thing, thing.x, thing.y, on.checked));
      const numbers = ["x", "y"].map((side) => {
        const input = this.input("number", thing[side].toFixed(1), () => {
          const there = { x: thing.x, y: thing.y, [side]: Number(input.value) };
          this.put(thing, there.x, there.y, thing.on, input);
        });
        input.setAttribute("aria-label", `${thing.name} ${this.words[side]}`);
        return input;
      });
      this.rows.set(thing, { on: on, x: numbers[0], y: numbers[1] });
      return make("tr", {}, [
        make("th", { scope: "row" }, [thing.name]),
        make("td", {}, [thing.kind]),
        ...[on, ...numbers].map((input) => make("td", {}, [input])),
      ]);
    }

    show(thing) {
      const sign = draw("g", { tabindex: "0", role: "button", class: `plan-sign ${thing.list}` });
      const shape = thing.list === "devices" ? draw("circle", { r: 0.4 }) : draw("rect", { x: -0.6, y: -0.45, width: 1.2, height: 0.9, rx: 0.12 });
      const text = draw("text", { "text-anchor": "middle", y: 0.14 });
      text.textContent = short_name(thing, this.plan.floor_name);
      text.classList.toggle("long", text.textContent.length > 2);
      sign.append(shape, text);
      sign.addEventListener("keydown", (event) => this.key(event, thing));
      sign.addEventListener("pointerdown", (event) => this.grab(event, thing, sign));
      this.signs.set(thing, sign);
      this.svg.append(sign);
      this.place(thing);
    }

    key(event, thing) {
      const arrow = ARROWS[event.key];
      const step = event.shiftKey ? STRIDE_M : STEP_M;
      if (arrow) this.put(thing, thing.x + arrow[0] * step, thing.y + arrow[1] * step, true);
      else if (event.key === "Delete") this.put(thing, thing.x, thing.y, false);
      else return;
      event.preventDefault();
    }

    grab(event, thing, sign) {
      const from = this.metres(event);
      const offset = [thing.x - from[0], thing.y - from[1]];
      const move = (moved) => {
        const to = this.metres(moved);
        this.put(thing, to[0] + offset[0], to[1] + offset[1], true);
      };
      sign.setPointerCapture(event.pointerId);
      sign.addEventListener("pointermove", move);
      const drop = () => sign.removeEventListener("pointermove", move);
      sign.addEventListener("pointerup", drop, { once: true });
      sign.addEventListener("pointercancel", drop, { once: true });
      sign.focus();
      event.preventDefault();
    }

    metres(event) {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
      return [point.x, point.y];
    }

    put(thing, x, y, on, typed_in) {
      const within = (value, most) => Math.round(Math.min(most, Math.max(0, value || 0)) * 100) / 100;
      Object.assign(thing, { x: within(x, this.size[0]), y: within(y, this.size[1]), on: on });
      const row = this.rows.get(thing);
      row.on.checked = on;
      ["x", "y"].forEach((side) => {
        if (row[side] !== typed_in) row[side].value = thing[side].toFixed(1);
      });
      this.place(thing);
      this.changed();
    }

    place(thing) {
      const sign = this.signs.get(thing);
      sign.setAttribute("transform", `translate(${thing.x} ${thing.y}) scale(${this.scale})`);
      sign.setAttribute("aria-label", `${thing.name}: ${thing.x.toFixed(1)} m, ${thing.y.toFixed(1)} m`);
      sign.toggleAttribute("hidden", !thing.on);
      sign.style.display = thing.on ? "" : "none";
    }

    changed() {
      this.status.textContent = this.words.unsaved;
    }

    async save(event) {
      event.preventDefault();
      const on = (list) => this.plan.things.filter((thing) => thing.on && thing.list === list);
      const placed = (list) => on(list).map((thing) => ({ code: thing.code, x: thing.x, y: thing.y }));
      const body = new FormData();
      const fields = { site: this.plan.site, lang: this.plan.lang, floor: this.plan.floor, first: this.first.value };
      Object.entries(fields).forEach(([name, value]) => body.append(name, value));
      body.append("plan", JSON.stringify({
        width_m: Number(this.width.value), height_m: Number(this.height.value), picture_of: this.plan.picture_of,
        places: placed("places"), devices: placed("devices"),
      }));
      if (this.picture.files[0]) body.append("picture", this.picture.files[0]);
      const result = await window.shigotoba_changes.send(this.plan.action, body);
      this.refusal.textContent = result.done ? "" : result.told;
      if (!result.done) return;
      this.status.textContent = "";
      window.shigotoba_changes.tell(result.told);
      window.shigotoba_changes.draw_anew(result.address);
    }
  }

  function look() {
    document.querySelectorAll(".plan-editor").forEach((root) => {
      const plan = root.getAttribute("data-plan");
      if (root.drawn_from === plan) return;
      root.drawn_from = plan;
      new Editor(root, JSON.parse(plan));
    });
  }

  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();
