// See news.h.
#include "ledger/query/news.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/text.h"
#include "ledger/log/seal.h"
#include "ledger/query/watch.h"

namespace fundtrail::query {

namespace {

constexpr std::array<const char*, 6> kNewsKinds = {"notice", "call", "verdict", "concern", "project", "need"};

// One of them; null for what is of no interest.
const char* KindOfNews(const v1::Action& action) {
  switch (action.action_case()) {
    case v1::Action::kAnnounce:
      return action.announce().kind() == v1::Announce::KIND_CALL ? "call" : "notice";
    case v1::Action::kEvaluate:
    case v1::Action::kDecideAppeal:
      return "verdict";
    case v1::Action::kRaiseConcern:
      return action.has_amends() ? nullptr : "concern";
    case v1::Action::kCloseConcern:
      return "concern";
    case v1::Action::kApproveProject:
      return "project";
    case v1::Action::kVerifyNeed:
      return "need";
    case v1::Action::kEndItem:
      return action.end_item().register_() == "notice" ? "notice" : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace

Status CheckNewsFilter(const NewsFilter& filter) {
  for (const std::string& kind : filter.kinds) {
    if (std::find(kNewsKinds.begin(), kNewsKinds.end(), kind) == kNewsKinds.end())
      return absl::InvalidArgumentError(absl::StrCat("\"", Escaped(ClipToWidth(kind, 40)),
                                                     "\" is not one of ", absl::StrJoin(kNewsKinds, ", ")));
  }
  return CheckWatch(filter.of);
}

StatusOr<std::vector<News>> NewsIn(const View& view, std::uint64_t from, std::uint64_t end,
                                   const NewsFilter& filter, const NewsWords& words) {
  const auto wanted = [&](const char* kind, const v1::Action& action, const std::string& author) {
    const auto& kinds = filter.kinds;
    return (kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) &&
           WatchWants(filter.of, action, author);
  };
  std::vector<News> all;
  for (std::uint64_t index = from; index < end; ++index) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto stored, log::NeedRecord(*view.rows, RecordIndex(index)));
    v1::Entry entry;
    if (!entry.ParseFromString(stored.record.signed_entry().entry()))
      return model::Damaged(model::keys::Record(RecordIndex(index)), "holds an entry that cannot be read");
    News news;
    news.record = index;
    news.recorded_micros = stored.record.recorded_micros();
    news.author = entry.author();
    for (const v1::Action& action : entry.actions()) {
      const char* const kind = KindOfNews(action);
      if (kind == nullptr || !wanted(kind, action, news.author)) continue;
      if (news.lines.size() == kMaxNewsLines) {
        ++news.more;
      } else {
        news.lines.push_back({kind, words(action)});
      }
    }
    if (!news.lines.empty()) all.push_back(std::move(news));
  }
  return all;
}

StatusOr<std::int64_t> RecordedAt(const View& view, std::uint64_t record) {
  FT_ASSIGN_OR_RETURN(const auto stored, log::NeedRecord(*view.rows, RecordIndex(record)));
  return stored.record.recorded_micros();
}

}  // namespace fundtrail::query
