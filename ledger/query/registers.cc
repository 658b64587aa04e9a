// See registers.h.
#include "ledger/query/registers.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/books/state.h"
#include "ledger/model/bounds.h"
#include "ledger/model/register_table.h"
#include "ledger/query/movements.h"
#include "ledger/query/register_line.h"
#include "ledger/query/register_tree.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

using Fill = Pages<v1::RegistersAnswer>::Fill;

StatusOr<v1::RegisterRow> FindItem(const View& view, const RegisterQuestion& question,
                                   const std::string& id) {
  FT_ASSIGN_OR_RETURN(auto row, books::GetItem(*view.rows, question.of->action, id));
  if (row.has_value()) {
    FT_ASSIGN_OR_RETURN(row, question.Shown(view, *std::move(row)));
  }
  if (row.has_value()) return *std::move(row);
  return absl::NotFoundError(absl::StrCat("this ledger has no ", std::string(question.of->name), " \"",
                                          Escaped(id), "\"",
                                          question.as_of.has_value() ? " at that record" : ""));
}

// The items of the ids, in their order.
StatusOr<Fill> FillIds(const View& view, const RegisterQuestion& question, std::vector<std::string> ids,
                       PageToken token, const std::string& after) {
  auto next = ids.begin();
  if (!after.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string last, token.Place(after));
    next = std::find(ids.begin(), ids.end(), last);
    if (next == ids.end()) return token.Refused(after);
    ++next;
  }
  std::size_t at = static_cast<std::size_t>(next - ids.begin());
  return Fill(
      [&view, question, ids = std::move(ids), token = std::move(token), at, names = ItemNames()](
          v1::RegistersAnswer* page, PageBudget* budget) mutable -> StatusOr<std::optional<std::string>> {
        question.Begin(page);
        for (; at < ids.size(); ++at) {
          FT_RETURN_IF_ERROR(view.GoOn());
          if (budget->full()) return std::optional(token.At(ids[at - 1]));
          FT_ASSIGN_OR_RETURN(const auto row, FindItem(view, question, ids[at]));
          FT_ASSIGN_OR_RETURN(auto line, DescribeItem(view, row));
          FT_RETURN_IF_ERROR(AddAttestations(view, question.as_of, &line));
          FT_RETURN_IF_ERROR(question.Add(view, std::move(line), &names, page, budget));
        }
        return std::optional<std::string>();
      });
}

// All versions of one item that are asked for, oldest first. A place is the record of the version.
StatusOr<Fill> FillVersions(const View& view, const RegisterQuestion& question, const std::string& id,
                            PageToken token, const std::string& after) {
  std::optional<std::uint64_t> last;
  if (!after.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string place, token.Place(after));
    std::uint64_t record = 0;
    if (!absl::SimpleAtoi(place, &record)) return token.Refused(after);
    last = record;
  }
  FT_ASSIGN_OR_RETURN(auto now, FindItem(view, question, id));
  return Fill([&view, question, id, token = std::move(token), last, now = std::move(now),
               names = ItemNames()](v1::RegistersAnswer* page,
                                    PageBudget* budget) mutable -> StatusOr<std::optional<std::string>> {
    question.Begin(page);
    // What was said about the item stands beside the last of its versions.
    const auto add = [&](const v1::RegisterRow& row, bool is_last) -> StatusOr<bool> {
      if (last.has_value() && row.record() <= *last) return true;
      if (budget->full()) return false;
      FT_ASSIGN_OR_RETURN(auto line, DescribeItem(view, row));
      if (is_last) FT_RETURN_IF_ERROR(AddAttestations(view, question.as_of, &line));
      FT_RETURN_IF_ERROR(question.Add(view, std::move(line), &names, page, budget));
      last = row.record();
      return true;
    };
    // The version that a record replaced was made before it: what is shown begins behind `last`.
    const Bytes all = keys::PastOf(question.of->action, id);
    const auto cursor =
        view.rows->Scan(last.has_value() ? keys::PastItem(question.of->action, id, RecordIndex(*last)) : all,
                        store::PrefixEnd(all));
    for (; cursor->Valid(); cursor->Next()) {
      FT_RETURN_IF_ERROR(view.GoOn());
      FT_ASSIGN_OR_RETURN(const auto row,
                          model::DecodeMessage<v1::RegisterRow>(cursor->key(), cursor->value()));
      if (row.record() >= now.record()) break;  // as of then, `now` is the last
      FT_ASSIGN_OR_RETURN(const bool added, add(row, false));
      if (!added) return std::optional(token.At(absl::StrCat(*last)));
    }
    FT_RETURN_IF_ERROR(cursor->status());
    FT_ASSIGN_OR_RETURN(const bool added, add(now, true));
    if (!added) return std::optional(token.At(absl::StrCat(*last)));
    return std::optional<std::string>();
  });
}

// All items, by id.
StatusOr<Fill> FillAll(const View& view, const RegisterQuestion& question, PageToken token,
                       const std::string& after) {
  Bytes last;
  if (!after.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string id, token.Place(after));
    last = keys::Item(question.of->action, id);
    FT_ASSIGN_OR_RETURN(const auto row, view.rows->Get(last));
    if (!row.has_value()) return token.Refused(after);  // items are never taken away
  }
  return Fill([&view, question, token = std::move(token), last = std::move(last), names = ItemNames()](
                  v1::RegistersAnswer* page,
                  PageBudget* budget) mutable -> StatusOr<std::optional<std::string>> {
    question.Begin(page);
    const Bytes all = keys::ItemsOf(question.of->action);
    const auto cursor = view.rows->Scan(last.empty() ? all : last + '\0', store::PrefixEnd(all));
    for (; cursor->Valid(); cursor->Next()) {
      FT_RETURN_IF_ERROR(view.GoOn());
      // What comes next is not looked into when it is only asked whether there is any: it may be damaged.
      const bool all_shown = !question.current && !question.as_of.has_value();
      std::optional<v1::RegisterRow> row;
      if (!all_shown || !budget->full()) {
        FT_ASSIGN_OR_RETURN(auto now, model::DecodeMessage<v1::RegisterRow>(cursor->key(), cursor->value()));
        FT_ASSIGN_OR_RETURN(row, question.Shown(view, std::move(now)));
        if (!row.has_value()) continue;
      }
      if (budget->full()) {
        FT_ASSIGN_OR_RETURN(const auto shown, keys::ReadItem(last));
        return std::optional(token.At(shown.id));
      }
      FT_ASSIGN_OR_RETURN(auto line, DescribeItem(view, *row));
      FT_RETURN_IF_ERROR(question.Add(view, std::move(line), &names, page, budget));
      last = cursor->key();
    }
    FT_RETURN_IF_ERROR(cursor->status());
    return std::optional<std::string>();
  });
}

StatusOr<RegisterQuestion> QuestionOf(const View& view, const v1::RegistersRequest& request) {
  RegisterQuestion question;
  question.of = model::FindRegister(request.register_());
  if (question.of == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("register: \"", Escaped(request.register_()),
                                                   "\" is not one of ", model::RegisterNames()));
  }
  question.current = request.current();
  if (request.has_as_of()) question.as_of = request.as_of();
  FT_RETURN_IF_ERROR(CheckAsOf(view, question.as_of));
  const bool tree = request.tree() || !request.below().empty();
  if (tree && model::ParentField(*question.of) == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("the register of ", std::string(question.of->plural), " is not a tree"));
  }
  if (tree && request.ids_size() > 0)
    return absl::InvalidArgumentError("ids: single items are not a tree: ask for one of them");
  if (request.versions() && request.ids_size() != 1)
    return absl::InvalidArgumentError("versions: of one id, and of no other question");
  if (static_cast<std::size_t>(request.ids_size()) > model::kMaxReferences)
    return absl::InvalidArgumentError(absl::StrCat("ids: at most ", model::kMaxReferences));
  if (std::set<std::string_view>(request.ids().begin(), request.ids().end()).size() !=
      static_cast<std::size_t>(request.ids_size()))
    return absl::InvalidArgumentError("ids: one is listed twice");
  return question;
}

StatusOr<Fill> FillFor(const View& view, const v1::RegistersRequest& request,
                       const RegisterQuestion& question, const std::string& after) {
  std::vector<std::string> ids(request.ids().begin(), request.ids().end());
  std::string named;
  for (const std::string& id : ids) absl::StrAppend(&named, id.size(), ".", id);
  PageToken token{request.register_(),
                  named,
                  request.below(),
                  request.versions() ? "versions"
                  : request.tree()   ? "tree"
                                     : "",
                  question.current ? "current" : "",
                  question.as_of.has_value() ? absl::StrCat(*question.as_of) : ""};
  if (request.versions()) return FillVersions(view, question, ids[0], std::move(token), after);
  if (!ids.empty()) return FillIds(view, question, std::move(ids), std::move(token), after);
  if (!request.tree() && request.below().empty()) return FillAll(view, question, std::move(token), after);
  if (!request.below().empty()) {
    RegisterQuestion any = question;
    any.current = false;  // what ended hides nothing that goes on below it
    FT_RETURN_IF_ERROR(FindItem(view, any, request.below()).status());
  }
  return FillTree(view, question, request.below(), std::move(token), after);
}

// How many there are in all; nothing where more than kMaxInAll had to be looked at, or more than fits on a page.
StatusOr<std::optional<std::uint64_t>> CountAll(const View& view, const v1::RegistersRequest& request,
                                                const RegisterQuestion& question) {
  const std::optional<std::uint64_t> too_many;
  if (request.ids_size() > 0 && !request.versions())
    return std::optional(static_cast<std::uint64_t>(request.ids_size()));
  if (request.versions() || request.tree() || !request.below().empty()) {
    FT_ASSIGN_OR_RETURN(auto fill, FillFor(view, request, question, ""));
    v1::RegistersAnswer all;
    PageBudget budget(kMaxInAll, Paging().page_bytes);
    FT_ASSIGN_OR_RETURN(const auto next, fill(&all, &budget));
    return next.has_value() ? too_many : std::optional(static_cast<std::uint64_t>(all.lines_size()));
  }
  const Bytes all = keys::ItemsOf(question.of->action);
  const auto cursor = view.rows->Scan(all, store::PrefixEnd(all));
  std::uint64_t looked = 0, fit = 0;
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    if (++looked > kMaxInAll) return too_many;
    if (!question.current && !question.as_of.has_value()) {
      ++fit;
      continue;
    }
    FT_ASSIGN_OR_RETURN(auto now, model::DecodeMessage<v1::RegisterRow>(cursor->key(), cursor->value()));
    FT_ASSIGN_OR_RETURN(const auto row, question.Shown(view, std::move(now)));
    if (row.has_value()) ++fit;
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return std::optional(fit);
}

}  // namespace

StatusOr<Pages<v1::RegistersAnswer>> Registers(const View& view, const v1::RegistersRequest& request,
                                               const Paging& paging) {
  FT_ASSIGN_OR_RETURN(const RegisterQuestion question, QuestionOf(view, request));
  FT_ASSIGN_OR_RETURN(auto fill, FillFor(view, request, question, paging.after));
  const bool from_first = paging.after.empty();
  if (paging.limit == 0) return Pages<v1::RegistersAnswer>(view, paging, std::move(fill));
  const auto counted = [&view, request, question, from_first, fill = std::move(fill), first = true](
                           v1::RegistersAnswer* page, PageBudget* budget) mutable {
    auto next = fill(page, budget);
    if (!first || !next.ok()) return next;
    first = false;
    if (from_first && !next->has_value()) {
      page->set_in_all(static_cast<std::uint64_t>(page->lines_size()));
      return next;
    }
    const auto in_all = CountAll(view, request, question);
    if (!in_all.ok()) return StatusOr<std::optional<std::string>>(in_all.status());
    if (in_all->has_value()) page->set_in_all(**in_all);
    return next;
  };
  return Pages<v1::RegistersAnswer>(view, paging, counted);
}

}  // namespace fundtrail::query
