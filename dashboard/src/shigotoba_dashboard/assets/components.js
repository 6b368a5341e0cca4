// What pages use of Dash's own components. Its bundles of them are 700 kB, of which a page needs the address bar, a
// clock, a place for values, and elements around what callbacks fill (see beginning.py); everything else that stands on
// a page comes as HTML (see written.js).
(function () {
  "use strict";

  const { Component, createElement } = window.React;

  const NEWS = ["popstate", "_dashprivate_pushstate"];

  // Tells which address the browser shows; never changes it.
  class Location extends Component {
    componentDidMount() {
      this.tell = () => this.props.setProps({ pathname: window.location.pathname, search: window.location.search });
      NEWS.forEach((event) => window.addEventListener(event, this.tell));
      this.tell();
    }

    componentWillUnmount() {
      NEWS.forEach((event) => window.removeEventListener(event, this.tell));
    }

    render() {
      return null;
    }
  }

  class Interval extends Component {
    componentDidMount() {
      if (!this.props.disabled) this.timer = window.setInterval(() => this.beat(), this.props.interval);
    }

    beat() {
      this.props.setProps({ n_intervals: (this.props.n_intervals || 0) + 1 });
    }

    componentDidUpdate(before) {
      if (before.disabled === this.props.disabled) return;
      this.componentWillUnmount();
      this.componentDidMount();
    }

    componentWillUnmount() {
      window.clearInterval(this.timer);
    }

    render() {
      return null;
    }
  }

  // Its value is among Dash's own; there is nothing to show.
  function Store() {
    return null;
  }

  // An element is called as its tag is; what is not for the browser stays here.
  function element_called(type) {
    const tag = type.toLowerCase();
    return function (props) {
      const { children, setProps, dashRenderType, ...attributes } = props;
      return createElement(tag, attributes, children);
    };
  }

  const elements = new Proxy(
    {},
    {
      get: function (made, type) {
        return (made[type] = made[type] || element_called(String(type)));
      },
    },
  );

  window.dash_core_components = { Interval, Location, Store };
  window.dash_html_components = elements;
})();
