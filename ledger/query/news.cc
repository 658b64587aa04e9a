// See news.h.
#include "ledger/query/news.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/text.h"
#include "ledger/log/seal.h"
#include "ledger/query/watch.h"

namespace fundtrail::query {

namespace {

constexpr std::array<const char*, 6> kNewsKinds = {"notice", "call", "verdict", "concern", "project", "need"};

// "FAKE_NEED" as "fake need"; what this program does not know as a number.
template <typename Enum>
std::string Words(Enum value, const std::string& name) {
  if (name.empty()) return absl::StrCat(static_cast<int>(value));
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", " "}});
}

NewsLine OfNotice(const v1::Announce& notice) {
  const bool is_call = notice.kind() == v1::Announce::CALL;
  const std::string kind = Words(notice.kind(), v1::Announce::Kind_Name(notice.kind()));
  return {is_call ? "call" : "notice",
          absl::StrCat("Notice ", notice.id(), " (", kind, "): ", notice.name())};
}

NewsLine OfVerdict(const v1::Evaluate& said) {
  const auto subject = [&]() -> std::string {
    if (!said.project().empty()) return absl::StrCat("project ", said.project());
    if (!said.programme().empty()) return absl::StrCat("programme ", said.programme());
    if (!said.policy().empty()) return absl::StrCat("policy ", said.policy());
    return absl::StrCat("party ", said.party());
  };
  return {"verdict", absl::StrCat("Verdict ", said.id(), ": ",
                                  Words(said.verdict(), v1::Evaluate::Verdict_Name(said.verdict())), ", on ",
                                  subject(), ", by group ", said.group())};
}

NewsLine OfConcern(const v1::RaiseConcern& said) {
  std::string about;
  for (const auto& [word, id] : {std::pair<const char*, const std::string&>{"project", said.project()},
                                 {"need", said.need()},
                                 {"party", said.party()},
                                 {"policy", said.policy()},
                                 {"evaluation", said.evaluation()},
                                 {"notice", said.notice()},
                                 {"payment", said.transfer()}}) {
    if (!id.empty()) absl::StrAppend(&about, ", about ", word, " ", id);
  }
  return {"concern", absl::StrCat("Concern ", said.id(), ": ",
                                  Words(said.kind(), v1::RaiseConcern::Kind_Name(said.kind())), about)};
}

std::optional<NewsLine> NewsOf(const v1::Action& action) {
  const bool amends = action.has_amends();
  switch (action.action_case()) {
    case v1::Action::kAnnounce: {
      NewsLine line = OfNotice(action.announce());
      if (amends) line.words = absl::StrCat("Amended: ", line.words);
      return line;
    }
    case v1::Action::kEvaluate:
      return OfVerdict(action.evaluate());
    case v1::Action::kDecideAppeal:
      return NewsLine{
          "verdict",
          absl::StrCat("Appeal against verdict ", action.decide_appeal().evaluation(), ": the verdict is ",
                       Words(action.decide_appeal().decision(),
                             v1::DecideAppeal::Decision_Name(action.decide_appeal().decision())))};
    case v1::Action::kRaiseConcern:
      if (amends) return std::nullopt;
      return OfConcern(action.raise_concern());
    case v1::Action::kCloseConcern:
      return NewsLine{"concern",
                      absl::StrCat("Concern ", action.close_concern().concern(), " closed, ",
                                   action.close_concern().satisfied() ? "satisfied" : "not satisfied")};
    case v1::Action::kApproveProject:
      return NewsLine{
          "project",
          absl::StrCat("Project ", action.approve_project().project(), " ",
                       Words(action.approve_project().decision(),
                             v1::ApproveProject::Decision_Name(action.approve_project().decision())))};
    case v1::Action::kVerifyNeed:
      return NewsLine{"need",
                      absl::StrCat("Need ", action.verify_need().need(), " ",
                                   Words(action.verify_need().result(),
                                         v1::VerifyNeed::Result_Name(action.verify_need().result())))};
    case v1::Action::kEndItem:
      if (action.end_item().register_() != "notice") return std::nullopt;
      return NewsLine{"notice", absl::StrCat("Notice ", action.end_item().id(), " withdrawn")};
    default:
      return std::nullopt;
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
                                   const NewsFilter& filter) {
  const auto wanted = [&](const NewsLine& line, const v1::Action& action, const std::string& author) {
    const auto& kinds = filter.kinds;
    return (kinds.empty() || std::find(kinds.begin(), kinds.end(), line.kind) != kinds.end()) &&
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
      auto line = NewsOf(action);
      if (!line.has_value() || !wanted(*line, action, news.author)) continue;
      if (news.lines.size() == kMaxNewsLines) {
        ++news.more;
      } else {
        news.lines.push_back(*std::move(line));
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
