import type { DocumentType } from './document-type.ts';

export type Competence = 'TM.' | 'Q.' | 'KT.' | 'TL.' | 'TUQ.';
export type Urgency = 'normal' | 'urgent' | 'veryUrgent' | 'express';

/** An administrative document as Decree 30/2020 (Appendix I) divides it into components. Plain text, any Unicode form. */
export interface OutgoingDocument {
  readonly agency: {
    /** Cơ quan chủ quản (component 2, first line). */
    readonly parent?: string;
    readonly name: string;
    /** Địa danh (component 4). */
    readonly place: string;
  };
  readonly type: DocumentType;
  /** What follows the number: `QĐ-UBND` (component 3). */
  readonly symbol: string;
  /** Trích yếu, without `V/v` (component 5). */
  readonly subject: string;
  /** Who decides, printed over the legal bases of a decision: `CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH`. */
  readonly authority?: string;
  /** Căn cứ, one each (component 6). */
  readonly legalBasis: readonly string[];
  /** Kính gửi (component 9a). */
  readonly addressees: readonly string[];
  /** One paragraph a line; headings (Chương, Mục, Điều, lines in capitals) are recognised. */
  readonly body: string;
  /** Nơi nhận, without the lines `Như trên` and `Lưu` (component 9b). */
  readonly recipients: readonly string[];
  /** What `Lưu:` says: `VT, VP`. */
  readonly filing: string;
  readonly signer: {
    readonly competence?: Competence;
    /** Whom the signer signs for: the collective for TM., the position for KT., TL. and TUQ. */
    readonly onBehalfOf?: string;
    /** The collective when KT., TL. or TUQ. stands under a TM. line. */
    readonly collective?: string;
    readonly position: string;
    readonly name: string;
  };
  readonly urgency?: Urgency;
}
