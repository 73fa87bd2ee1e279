import { fileURLToPath } from 'node:url';
import { createSmtpDialogue } from '../../engine/protocols/smtp/index.js';
import { readTranscripts, testTranscripts } from '../transcripts/harness.js';

testTranscripts(readTranscripts(fileURLToPath(new URL('../transcripts/smtp', import.meta.url))), createSmtpDialogue);
