// A part of a page that the server has written out: one component for Dash, one element with its contents here. Dash
// puts new components in the place of old ones whenever a page or a place is drawn anew, so this one is written once.
(function () {
  "use strict";

  const { Component, createElement, createRef } = window.React;

  class Written extends Component {
    constructor(props) {
      super(props);
      this.place = createRef();
    }

    componentDidMount() {
      const element = this.place.current;
      element.getAttributeNames().forEach((name) => element.removeAttribute(name));
      Object.entries(this.props.attributes).forEach(([name, value]) => element.setAttribute(name, value));
      element.innerHTML = this.props.inner;
    }

    shouldComponentUpdate(next) {
      return ["tag", "inner", "attributes"].some((name) => next[name] !== this.props[name]);
    }

    componentDidUpdate() {
      this.componentDidMount();
    }

    render() {
      return createElement(this.props.tag, { ref: this.place });
    }
  }

  window.shigotoba_dashboard = { Written };
})();
