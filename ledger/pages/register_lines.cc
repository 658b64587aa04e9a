// See register_lines.h.
#include "ledger/pages/register_lines.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/query/registers.h"

namespace fundtrail::pages {
namespace {

// "verification of the need: confirmed".
std::string SaidWords(const Asking& asking, const v1::Action& action) {
  const auto* const field =
      v1::Action::descriptor()->FindFieldByNumber(static_cast<int>(action.action_case()));
  if (field == nullptr || field->message_type() == nullptr) return "?";
  std::string words = ActionWord(asking.language(), field->name());
  const auto& said = action.GetReflection()->GetMessage(action, field);
  for (const char* name : {"result", "decision", "reply", "kind"}) {
    const auto* const part = said.GetDescriptor()->FindFieldByName(name);
    if (part == nullptr || part->enum_type() == nullptr) continue;
    const int value = said.GetReflection()->GetEnumValue(said, part);
    if (value != 0)
      absl::StrAppend(&words, asking.Words(Word::kColon),
                      EnumWord(asking.language(), *part->enum_type(), value));
  }
  return words;
}

}  // namespace

StatusOr<v1::RegisterLine> OneItem(const Asking& asking, const std::string& of, const std::string& id) {
  v1::RegistersRequest request;
  request.set_register_(of);
  request.add_ids(id);
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(v1::RegistersAnswer answer,
                      AllPages(query::Registers(asking.view, request, query::PagingOf(request))));
  if (answer.lines_size() != 1)
    return absl::InternalError("one item was asked for, and there is another number");
  return std::move(*answer.mutable_lines(0));
}

StatusOr<v1::RegistersAnswer> ManyItems(const Asking& asking, const std::string& of, bool tree) {
  v1::RegistersRequest request;
  request.set_register_(of);
  request.set_tree(tree);
  request.set_limit(MostRows(asking));
  request.set_after(asking.asked("after"));
  SetAsOf(asking, &request);
  return AllPages(query::Registers(asking.view, request, query::PagingOf(request)));
}

Html EndingShown(const Asking& asking, const v1::Ending& ended) {
  Html shown = asking.Shown(Word::kInRecord, {Text(absl::StrCat(ended.record()))});
  if (!ended.reason().empty()) shown += asking.Shown(Word::kColon) + Name(ended.reason());
  return shown;
}

Html AttestationsShown(const Asking& asking, const v1::RegisterLine& line) {
  Table said(asking.Words(Word::kSaidAboutIt),
             {{asking.Words(Word::kRecord)}, {asking.Words(Word::kAuthor)}, {asking.Words(Word::kWhat)}});
  for (const v1::Attestation& attestation : line.attestations()) {
    said.Add({WordCell(absl::StrCat(attestation.record())),
              {asking.Party(attestation.author(), ""), attestation.author()},
              WordCell(SaidWords(asking, attestation.action()))});
  }
  if (said.empty()) return {};
  Html shown = said.Shown(kRowsOnPage);
  if (line.more_attestations() > 0)
    shown += Element("p", asking.Counted(Word::kMoreSaid, line.more_attestations()));
  return shown;
}

}  // namespace fundtrail::pages
