// See record_bytes.h.
#include "ledger/query/record_bytes.h"

#include <utility>

#include "ledger/model/row_keys.h"

namespace fundtrail::query {

StatusOr<Pages<v1::RecordsAnswer>> Records(const View& view, const v1::RecordsRequest& request,
                                           const Paging& paging) {
  Paging by_bytes = paging;
  by_bytes.page_parts = SIZE_MAX;  // copies are large: by bytes alone
  return Pages<v1::RecordsAnswer>(
      view, by_bytes,
      [&view, from = request.from()](v1::RecordsAnswer* page,
                                     PageBudget* budget) mutable -> StatusOr<std::optional<std::string>> {
        page->set_first(from);
        for (; from < view.checkpoint.size() && !budget->full(); ++from) {
          FT_ASSIGN_OR_RETURN(auto record, view.rows->Get(model::keys::Record(RecordIndex(from))));
          if (!record.has_value())
            return model::Damaged(model::keys::Record(RecordIndex(from)), "is missing");
          budget->TakePart(record->size());
          page->add_records(*std::move(record));
        }
        if (from >= view.checkpoint.size()) return std::optional<std::string>();
        return std::optional<std::string>("");  // they are numbered, and need no token
      });
}

}  // namespace fundtrail::query
