import 'react';

declare module 'react' {
  // Custom properties are set through the style object like any other.
  interface CSSProperties {
    [name: `--${string}`]: string | number | undefined;
  }
}
