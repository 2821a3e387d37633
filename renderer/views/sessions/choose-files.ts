import type { Inspector } from '../../store/inspector.ts';
import { bringFiles } from './bring-files.ts';

/** Has the person choose files of sessions, and adds them to the list. Browsers allow it only where a key or a click asks for it. */
export function chooseFiles(inspector: Inspector): void {
  const picker = Object.assign(document.createElement('input'), {
    type: 'file',
    accept: '.hopscope,.har',
    multiple: true,
    hidden: true,
  });
  picker.addEventListener('change', () => {
    void bringFiles(inspector, [...(picker.files ?? [])]);
    picker.remove();
  });
  picker.addEventListener('cancel', () => picker.remove());
  // A picker that is in no page may be forgotten by the browser before it is answered.
  document.body.append(picker);
  picker.click();
}
