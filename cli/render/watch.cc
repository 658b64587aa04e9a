// See watch.h.
#include "cli/render/watch.h"

#include <string>

#include "ledger/base/date.h"
#include "ledger/model/register_table.h"

namespace fundtrail::render {
namespace {

constexpr int kMaxShownActions = 3;

Shown ActionWords(const v1::Action& action) {
  const auto* const field =
      v1::Action::descriptor()->FindFieldByNumber(static_cast<int>(action.action_case()));
  const std::string kind = field == nullptr ? "?" : field->name();
  if (action.has_transfer())
    return Say("{} {} to {}", kind, action.transfer().from(), action.transfer().to());
  if (action.has_end_item())
    return Say("{} {} {}", kind, action.end_item().register_(), action.end_item().id());
  if (model::FindRegister(action.action_case()) != nullptr) return Say("{} {}", kind, model::IdOf(action));
  return Say("{}", kind);
}

}  // namespace

Shown WatchedLine(const v1::WatchedRecord& record) {
  Shown line = Say("{}  {}  {}  ", record.index(), ToString(Timestamp(record.recorded_micros())),
                   record.entry().author());
  const auto& actions = record.entry().actions();
  for (int i = 0; i < actions.size() && i < kMaxShownActions; ++i)
    line += (i == 0 ? Shown() : Shown(", ")) + ActionWords(actions[i]);
  if (actions.size() > kMaxShownActions) line += Say(" and {} more", actions.size() - kMaxShownActions);
  return line + "\n";
}

}  // namespace fundtrail::render
