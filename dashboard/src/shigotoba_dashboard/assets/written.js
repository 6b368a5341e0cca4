// A part of a page that the server has written out: one component for Dash, one element with its contents here.
// When another text comes, only what differs is exchanged, so that what is open, focused or scrolled stays as it is.
(function () {
  "use strict";

  const { Component, createElement, createRef } = window.React;

  // The contents of these belong to a script (long-tables.js, plan-editor.js) once they are there.
  function is_scripts(element) {
    return element.hasAttribute("data-table") || element.hasAttribute("data-plan");
  }

  function is_same(here, there) {
    if (here.nodeType !== there.nodeType || here.nodeName !== there.nodeName) return false;
    if (here.nodeType !== Node.ELEMENT_NODE) return true;
    return here.id === there.id && here.getAttribute("data-key") === there.getAttribute("data-key");
  }

  function take_attributes(element, wanted) {
    for (const name of element.getAttributeNames()) {
      // Whether a fold is open is the reader's business.
      if (!(name in wanted) && name !== "open") element.removeAttribute(name);
    }
    for (const [name, value] of Object.entries(wanted)) {
      if (element.getAttribute(name) === value) continue;
      element.setAttribute(name, value);
      if (name === "value") element.value = value;
    }
  }

  function attributes_of(element) {
    return Object.fromEntries(element.getAttributeNames().map((name) => [name, element.getAttribute(name)]));
  }

  function become(node, wanted) {
    if (node.nodeType !== Node.ELEMENT_NODE) {
      if (node.data !== wanted.data) node.data = wanted.data;
      return;
    }
    take_attributes(node, attributes_of(wanted));
    if (!is_scripts(node)) take_children(node, wanted);
  }

  function take_children(element, wanted) {
    const mine = [...element.childNodes];
    const theirs = [...wanted.childNodes];
    theirs.forEach(function (child, place) {
      const node = mine[place];
      if (!node) element.append(child);
      else if (is_same(node, child)) become(node, child);
      else node.replaceWith(child);
    });
    mine.slice(theirs.length).forEach((node) => node.remove());
  }

  class Written extends Component {
    constructor(props) {
      super(props);
      this.place = createRef();
    }

    componentDidMount() {
      const element = this.place.current;
      take_attributes(element, this.props.attributes);
      element.innerHTML = this.props.inner;
    }

    shouldComponentUpdate(next) {
      const same_attributes = JSON.stringify(next.attributes) === JSON.stringify(this.props.attributes);
      return next.tag !== this.props.tag || next.inner !== this.props.inner || !same_attributes;
    }

    componentDidUpdate(before) {
      const { tag, attributes, inner } = this.props;
      const other = ["id", "data-key"].some((name) => attributes[name] !== before.attributes[name]);
      if (tag !== before.tag || other) return this.componentDidMount();
      const element = this.place.current;
      const wanted = element.cloneNode(false);
      wanted.innerHTML = inner;
      take_attributes(element, attributes);
      if (!is_scripts(element)) take_children(element, wanted);
    }

    render() {
      return createElement(this.props.tag, { ref: this.place });
    }
  }

  window.shigotoba_dashboard = { Written };
})();
