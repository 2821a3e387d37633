import { FolderInput } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { useInspector, useT } from '../inspector-context.tsx';
import { bringFiles } from './bring-files.ts';
import './file-drop.css';

/** Takes files that are dropped anywhere on the window, and shows that it would while they are over it. */
export function FileDrop(): ReactElement | null {
  const t = useT();
  const inspector = useInspector();
  const [over, setOver] = useState(false);

  useEffect(() => {
    const onDrag = (event: DragEvent): void => {
      const { dataTransfer } = event;
      if (dataTransfer?.types.includes('Files') !== true) return;
      // Else the browser would leave this page and show the file.
      event.preventDefault();
      dataTransfer.dropEffect = 'copy';
      setOver(event.type !== 'drop');
      if (event.type === 'drop') void bringFiles(inspector, [...dataTransfer.files]);
    };
    const onLeave = ({ relatedTarget }: DragEvent): void => {
      // Otherwise only another element of the page is under the pointer now.
      if (relatedTarget === null) setOver(false);
    };
    const types = ['dragenter', 'dragover', 'drop'] as const;
    for (const type of types) window.addEventListener(type, onDrag);
    window.addEventListener('dragleave', onLeave);
    return () => {
      for (const type of types) window.removeEventListener(type, onDrag);
      window.removeEventListener('dragleave', onLeave);
    };
  }, [inspector]);

  if (!over) return null;
  return (
    // A popover lies over sheets, which are modal dialogs, too.
    <div ref={(element) => void element?.togglePopover(true)} popover="manual" className="file-drop">
      <p className="floating">
        <FolderInput className="icon" aria-hidden="true" />
        {t('sessions.drop')}
      </p>
    </div>
  );
}
