import { Upload } from 'lucide-react';
import { useRef } from 'react';
import type { ReactElement } from 'react';

interface JsonFileButtonProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onChosen: (file: File) => void;
}

/** Has a JSON file chosen. */
export function JsonFileButton({ label, disabled, onChosen }: JsonFileButtonProps): ReactElement {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={picker}
        type="file"
        accept=".json,application/json"
        className="json-picker"
        aria-label={label}
        hidden
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file !== undefined) onChosen(file);
          // The same file may be chosen again.
          Object.assign(target, { value: '' });
        }}
      />
      <button type="button" className="button" disabled={disabled} onClick={() => picker.current?.click()}>
        <Upload className="icon icon-small" />
        {label}
      </button>
    </>
  );
}
