import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const workflowErrors = {
  'workflow.not_started': {
    status: 409,
    vi: 'Hồ sơ chưa được khởi tạo theo quy trình.',
    en: 'The process has not been started.',
  },
  'workflow.already_started': {
    status: 409,
    vi: 'Hồ sơ đã được khởi tạo.',
    en: 'The process has been started already.',
  },
  'workflow.ended': {
    status: 409,
    vi: 'Quy trình của hồ sơ đã kết thúc.',
    en: 'The process of this document has ended.',
  },
  'workflow.other_definition': {
    status: 409,
    vi: 'Hồ sơ chạy theo một phiên bản quy trình khác.',
    en: 'The document runs under another version of the process.',
  },
  'workflow.unknown_visit': {
    status: 404,
    vi: 'Không có công việc này trong hồ sơ.',
    en: 'The document has no such task.',
  },
  'workflow.visit_closed': {
    status: 409,
    vi: 'Công việc này đã được xử lý xong.',
    en: 'This task has been done already.',
  },
  'workflow.task_taken': {
    status: 409,
    vi: 'Công việc này đã có người nhận.',
    en: 'Somebody else has taken this task.',
  },
  'workflow.not_taken': {
    status: 409,
    vi: 'Công việc này chưa có ai nhận.',
    en: 'Nobody has taken this task.',
  },
  'workflow.not_candidate': {
    status: 403,
    vi: 'Bạn không có vai trò được giao công việc này.',
    en: 'This task is not for your role.',
  },
  'workflow.unknown_outcome': {
    status: 422,
    vi: 'Bước này không có kết quả xử lý đã chọn.',
    en: 'The step has no such outcome.',
  },
  'workflow.no_return': {
    status: 422,
    vi: 'Kết quả xử lý đã chọn không phải là trả lại.',
    en: 'The chosen outcome is no return.',
  },
  'workflow.reason_missing': {
    status: 422,
    vi: 'Phải nêu lý do.',
    en: 'A reason is required.',
  },
  'workflow.text_unusable': {
    status: 422,
    vi: 'Nội dung trống hoặc quá dài.',
    en: 'The text is empty or too long.',
  },
  'workflow.wrong_act': {
    status: 409,
    vi: 'Bước này chỉ hoàn thành được bằng đúng thao tác của nó (ký, vào sổ hoặc phát hành).',
    en: 'This step ends only by its own act: signing, registering or releasing.',
  },
  'workflow.delegation_refused': {
    status: 409,
    vi: 'Không thể giao công việc này cho người được chọn.',
    en: 'This task cannot be delegated to the person chosen.',
  },
  'workflow.unknown_step': {
    status: 422,
    vi: 'Quy trình dẫn đến một bước không tồn tại.',
    en: 'The process leads to a step that does not exist.',
  },
  'workflow.unknown_role': {
    status: 422,
    vi: 'Bước của quy trình dùng một vai trò chưa được khai báo.',
    en: 'A step names a role the process does not declare.',
  },
  'workflow.no_forward_outcome': {
    status: 422,
    vi: 'Bước ký, vào sổ hoặc phát hành phải có một kết quả đi tiếp.',
    en: 'A step that signs, registers or releases needs an outcome that goes on.',
  },
  'workflow.parallel_unsupported': {
    status: 422,
    vi: 'Phiên bản này chưa chạy được bước song song.',
    en: 'Parallel steps cannot run in this release.',
  },
  'workflow.approval_unsupported': {
    status: 422,
    vi: 'Phiên bản này chỉ chạy được quy tắc phê duyệt "bất kỳ".',
    en: 'Only the approval rule "any" can run in this release.',
  },
  'workflow.endless_decision': {
    status: 422,
    vi: 'Các bước quyết định dẫn vòng quanh nhau.',
    en: 'The decisions lead round in a circle.',
  },
  'workflow.too_long': {
    status: 409,
    vi: 'Lịch sử xử lý của hồ sơ đã đạt giới hạn.',
    en: 'The history of this document has reached its limit.',
  },
  'workflow.bad_expression': {
    status: 422,
    vi: 'Biểu thức điều kiện của quy trình viết sai hoặc dùng phép không được phép.',
    en: 'A condition of the process is malformed or uses what is not allowed.',
  },
  'workflow.missing_field': {
    status: 422,
    vi: 'Thiếu dữ liệu mà điều kiện của quy trình cần.',
    en: 'A condition of the process needs data that is missing.',
  },
  'workflow.expression_type': {
    status: 422,
    vi: 'Điều kiện của quy trình so sánh dữ liệu khác kiểu hoặc không cho kết quả đúng/sai.',
    en: 'A condition of the process mixes types or gives neither true nor false.',
  },
} as const satisfies Record<string, ErrorText>;

export type WorkflowErrorCode = keyof typeof workflowErrors;
export class WorkflowError extends CodedError<WorkflowErrorCode> {}
