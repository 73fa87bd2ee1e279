/** The dialogs of the window: settings, about, keyboard shortcuts. At most one is open. */
import { Modal } from '../controls/modal.js';
import { useApp } from '../store/store-context.js';
import { About } from './about.js';
import { SettingsForm } from './settings-form.js';
import { Shortcuts } from './shortcuts.js';

export function Dialogs() {
  const dialog = useApp((state) => state.dialog);
  const showDialog = useApp((state) => state.showDialog);
  const close = (): void => showDialog(null);
  return (
    <>
      <Modal open={dialog === 'settings'} title="Settings" onClose={close}>
        <SettingsForm />
      </Modal>
      <Modal open={dialog === 'about'} title="About Mailscope" onClose={close}>
        <About />
      </Modal>
      <Modal open={dialog === 'shortcuts'} title="Keyboard shortcuts" onClose={close}>
        <Shortcuts />
      </Modal>
    </>
  );
}
