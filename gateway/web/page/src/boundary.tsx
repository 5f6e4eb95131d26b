// A part that cannot be shown must not take the page with it.

import { Component, type ComponentChildren } from 'preact';

import { useWords } from './i18n';

function Failed() {
  const words = useWords();
  return (
    <p class="card" role="status">
      {words.sectionFailed}
    </p>
  );
}

export class Boundary extends Component<{ children: ComponentChildren }, { failed: boolean }> {
  override state = { failed: false };

  static override getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Failed /> : this.props.children;
  }
}
