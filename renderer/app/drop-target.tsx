/** The whole window takes dropped files; a veil says so while one hovers. */
import { useEffect, useState } from 'react';
import { useAppStore, useBridge } from '../store/store-context.js';
import styles from './app.module.css';

export function DropTarget() {
  const store = useAppStore();
  const bridge = useBridge();
  const [hovering, setHovering] = useState(false);
  useEffect(() => {
    let depth = 0;
    const isFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent): void => {
      if (!isFile(event)) return;
      event.preventDefault();
      depth++;
      setHovering(true);
    };
    const leave = (): void => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setHovering(false);
    };
    const over = (event: DragEvent): void => event.preventDefault();
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      depth = 0;
      setHovering(false);
      const file = event.dataTransfer?.files[0];
      const path = file === undefined ? '' : bridge.pathOfFile(file);
      if (path !== '') void store.getState().openCapture(path);
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, [store, bridge]);
  if (!hovering) return null;
  return (
    <div className={styles.dropVeil}>
      <div className={styles.dropBox}>
        <p>Drop to open</p>
        <p>It replaces what is open</p>
      </div>
    </div>
  );
}
