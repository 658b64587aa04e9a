// What a client can check of an answer by itself. A server, which could be anybody's, may answer anything: numbers that
// do not add up are an error, and are not shown. A comment below says what must hold; else the answer is DATA_LOSS.
// checks/ has a file a subject.
#pragma once

#include "fundtrail/v1/answers.pb.h"
#include "fundtrail/v1/balance.pb.h"
#include "fundtrail/v1/committed.pb.h"
#include "fundtrail/v1/compare.pb.h"
#include "fundtrail/v1/coverage.pb.h"
#include "fundtrail/v1/duties.pb.h"
#include "fundtrail/v1/findings.pb.h"
#include "fundtrail/v1/flows.pb.h"
#include "fundtrail/v1/fragmentation.pb.h"
#include "fundtrail/v1/groups.pb.h"
#include "fundtrail/v1/idle.pb.h"
#include "fundtrail/v1/keys.pb.h"
#include "fundtrail/v1/log.pb.h"
#include "fundtrail/v1/match.pb.h"
#include "fundtrail/v1/needs.pb.h"
#include "fundtrail/v1/pledges.pb.h"
#include "fundtrail/v1/policies.pb.h"
#include "fundtrail/v1/project.pb.h"
#include "fundtrail/v1/publicity.pb.h"
#include "fundtrail/v1/registers.pb.h"
#include "fundtrail/v1/search.pb.h"
#include "fundtrail/v1/series.pb.h"
#include "fundtrail/v1/standing.pb.h"
#include "fundtrail/v1/statement.pb.h"
#include "fundtrail/v1/summary.pb.h"
#include "fundtrail/v1/top.pb.h"
#include "fundtrail/v1/trace.pb.h"
#include "fundtrail/v1/transfers.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::cli {

// In each answer, that no more is committed than there is, and that no more are shown than are said to be there; and that parties are
// joined where that was asked for, each under one that stands under none.
//
// Each line's `held` is what it received less what it paid. No more is undone than went back. What ends at a recipient or a source
// is held by nobody.
Status CheckAnswer(const v1::BalanceAnswer& answer, bool joined = false);
// Each statement's lines lead from what was held before to what is held after, and have its totals, those within what is stated too. No more of a payment
// was sent back than it brought.
Status CheckAnswer(const v1::StatementAnswer& answer, bool joined = false);
// The same, and that each account is of the party, the fund and the project that were asked for.
Status CheckAnswer(const v1::StatementAnswer& answer, const v1::StatementRequest& request);
// A trace goes the way that was asked for. Of each asset the ends are what was asked, and each sum is that of the ends
// of its kind. In the tree each node's ends, children and what was cut are its own amount. There are layers where they
// were asked for, one for each hop. At each hop, and for each account in it, what came is what ends and what goes on.
// Layers with nothing beyond have the flows and the ends of the trace, and others no more. Of several receipts each is
// told, its ends are what was asked of it, and all of them together are what was asked. By two methods, each has ends that
// add up, and the first has those of the trace.
Status CheckAnswer(const v1::TraceAnswer& answer, const v1::TraceRequest& request);
// Each line is of the register that was asked about, and the answer as of the record. No item of a tree stands more
// than one level below the one before it. What was said about an item is about that one.
Status CheckAnswer(const v1::RegistersAnswer& answer, const v1::RegistersRequest& request);

// The answer is as of the record that was asked about. Each key is one that was asked for, granted by then, and comes
// after those before it. A root key has no permissions of its own. Only where all keys were asked for, one was revoked.
Status CheckAnswer(const v1::KeyAnswer& answer, const v1::KeysRequest& request);
// Each record is one that was asked for, as far as it shows, and stands in its order. Its sums are of all its transfers.
// That a signer could sign for a party then, the client cannot know.
Status CheckAnswer(const v1::LogAnswer& answer, const v1::LogRequest& request);

// The answer is of the project, the record and the day that were asked about. What came in is what lies somewhere and
// what went out. The accounts that are shown hold what is held. Each target has one result, with the ratio that follows
// from it.
Status CheckAnswer(const v1::ProjectMoneyAnswer& answer, const v1::ProjectMoneyRequest& request);
// The answer is of the record, day and asset that were asked about. Placed + elsewhere + general is what was brought
// in, less what came back, and what was exchanged. Each line's gap, excess, ratio and state follow from its sums (what
// stands in no cell has no state). The lines of the first level add up to the total when all of them were asked for.
Status CheckAnswer(const v1::CoverageAnswer& answer, const v1::CoverageRequest& request);

// The answer is of the place, the category, the record and the day that were asked about. Each line is a duty that has
// not ended, and its period has the day. It is listed once, and says a record where the party answered. The verdict
// follows from the parties that accepted a LEAD.
Status CheckAnswer(const v1::WhoAnswersAnswer& answer, const v1::WhoAnswersRequest& request);

// The answer is of the record, the day and the number of days that were asked about. Each line is a deployment that
// goes on and is quiet for longer. No more are shown than are in force with a project.
Status CheckAnswer(const v1::IdleTeamsAnswer& answer, const v1::IdleTeamsRequest& request);
// The answer is of the place, the category, the asset, the record and the day that were asked about, with one line for
// each kind. A line counts its parts, the most money first. Funds and implementers each have all the money that is
// placed. Their effective number and largest share follow from it, where all parts are shown.
Status CheckAnswer(const v1::FragmentationAnswer& answer, const v1::FragmentationRequest& request);

// The answer is of the record and the day that were asked about. Each need is listed once, is one that was asked for,
// and comes after those that are more severe. What is open, and its state, follow from what is asked and what came,
// where that is known. Where all needs are there in one answer, the counts are theirs. `whole`: it is not one page of
// several.
Status CheckAnswer(const v1::NeedsAnswer& answer, const v1::NeedsRequest& request, bool whole);
// The pledges are those that were asked for, each once and by id, and what is left and kept follows from the sums.
Status CheckAnswer(const v1::PledgesAnswer& answer, const v1::PledgesRequest& request);

// The answer is of the group, the record and the day that were asked about. Each seat is one of the group and is listed
// once. Its attendance follows from its acts. Members, vacancies, how many must sign and whether the group can act
// follow from the group and its seats.
Status CheckAnswer(const v1::GroupAnswer& answer, const v1::GroupRequest& request);
// The answer is of the level, the kind, the record and the day that were asked about. Each place is listed once, by id,
// with a need. No more are shown than have a need and no group; where all are asked for in one answer (`whole`), as
// many are shown.
Status CheckAnswer(const v1::MissingGroupsAnswer& answer, const v1::MissingGroupsRequest& request,
                   bool whole);
// The answer is of the subject, the record and the day that were asked about. The verdict is the strictest of its
// lines. Only what is suspended or withdrawn is frozen.
Status CheckAnswer(const v1::StandingAnswer& answer, const v1::StandingRequest& request);
// The answer is of the record and the day that were asked about. Each evaluation was asked for, and comes after those
// with a lower id. None says that it stands and is annulled.
Status CheckAnswer(const v1::EvaluationsAnswer& answer, const v1::EvaluationsRequest& request);
// The answer is of the scope and the record that were asked about. The kinds of sources add up to all of them, and
// their shares to the whole.
Status CheckAnswer(const v1::ParticipationAnswer& answer, const v1::ParticipationRequest& request);
// The answer is of the asset, the method, the record and the day that were asked about. The parts of each need and of
// each pledge are what is matched of it. No more is matched than it lacks or has. The sums are theirs. Each need that
// lacks something stands in one set. The sums of a set are those of its needs and pledges. All of its pledges is
// matched with its needs, and no other pledge serves one of them. The client does not know which pledges are for a
// need.
Status CheckAnswer(const v1::MatchAnswer& answer, const v1::MatchRequest& request);
// The answer is of the record, the day, the days, the place and the category that were asked about. Each place is
// listed once, and is silent when its need and its calls say so. The places add up to what is said of all. Each notice
// stood on one of the days, and is complete when its days say so.
Status CheckAnswer(const v1::PublicityAnswer& answer, const v1::PublicityRequest& request);
// The answer is of the record, the day, the place and the category that were asked about. Each call is one and in
// force, each need open, and the gap of each project what is missing of its budget.
Status CheckAnswer(const v1::OpenAnswer& answer, const v1::OpenRequest& request);

// Each of the next three may be a page among others. It is of the record and the day that were asked about, and in
// order. Each line is a policy in force, and shows all who answer, with a record where one answered.
Status CheckAnswer(const v1::PoliciesAnswer& answer, const v1::PoliciesRequest& request);
// Each pair is of the kind that was asked for. Its degree follows from how far both reach, and together.
Status CheckAnswer(const v1::PolicyPairsAnswer& answer, const v1::PolicyPairsRequest& request);
// Each gap has needs. No more are left out than there are.
Status CheckAnswer(const v1::PolicyGapsAnswer& answer, const v1::PolicyGapsRequest& request);

// The answer is of the record and the day that were asked about. Each payment has a status that was asked for, which
// follows from what was said of it, and comes after those before it. No more arrived than was paid. Where all payments
// are there in one answer, the counts are theirs. `whole`: it is not one page of several.
Status CheckAnswer(const v1::AcknowledgementsAnswer& answer, const v1::AcknowledgementsRequest& request,
                   bool whole);
// The answer is of the record and the day that were asked about. Each concern has a state that was asked for, and comes
// after those before it. Where all concerns are there in one answer, the counts are theirs.
Status CheckAnswer(const v1::ConcernsAnswer& answer, const v1::ConcernsRequest& request, bool whole);
// The answer is of the sample and the record that were asked about. The rank of each member follows from the seed. They
// stand in the order of their ranks, as many as are needed.
Status CheckAnswer(const v1::SampleAnswer& answer, const v1::SampleRequest& request);

// Of each of the next four, that its sums add up by themselves, and that ages are what is held:
//   before + brought_in + received = paid + held + reached + ends_here + returned
//
// The answer is of the record that was asked about. Of each asset all that was brought in lies somewhere. Donors and
// recipients stand in their order, and are no more than there are. Where all of them are shown, they have all of it.
// The newest transfers stand in their order.
Status CheckAnswer(const v1::SummaryAnswer& answer, const v1::SummaryRequest& request);
// The answer is of the record, the asset and the role that were asked about. The bodies stand in the order that was
// asked for. What lies with each lies there by its role. No more are shown than were asked for. Where all bodies are
// there in one answer, the totals are theirs. `whole`: it is not one page of several.
Status CheckAnswer(const v1::TopAnswer& answer, const v1::TopRequest& request, bool whole);
// The answer is of the record, the party, the fund and the asset that were asked about. Periods stand in their order,
// within the days that were asked for, and each begins with what the one before ended with.
Status CheckAnswer(const v1::SeriesAnswer& answer, const v1::SeriesRequest& request);
// The answer is of the record, the asset and the kind of groups that were asked about. Groups stand in their order. No more
// are shown than were asked for, and where all are shown, the totals are theirs.
Status CheckAnswer(const v1::FlowsByAnswer& answer, const v1::FlowsByRequest& request);
// The answer is of the days that were asked for. Each difference is that of its amounts, and says rightly in which of the
// periods there is any. Where all lines are shown, the totals are theirs.
Status CheckAnswer(const v1::CompareAnswer& answer, const v1::CompareRequest& request);
// The answer is of the record and the asset that were asked about. In each line, what was open and committed, less what was taken
// back, is open; a year begins with what the one before ended with. Lines stand in their order, and have the totals.
Status CheckAnswer(const v1::CommittedAnswer& answer, const v1::CommittedRequest& request);
// The answer is of the record, the day, the party, the fund and the asset that were asked about. It is in the order that
// was asked for. Ages add up to what is held, and fit the oldest and the newest day. Where all lines are there in one
// answer, the totals are theirs.
Status CheckAnswer(const v1::IdleAnswer& answer, const v1::IdleRequest& request, bool whole);
// The answer is of the record and the day that were asked about. Each finding is by a rule, and names a party and a fund,
// that were asked for. It lists the transfers that it counts, in their order. Findings stand in their order. Each rule has
// the parameters that were asked for. Where all findings are there in one answer, the counts are theirs. Whether a finding
// follows from the records, a client sees with `show`.
Status CheckAnswer(const v1::FindingsAnswer& answer, const v1::FindingsRequest& request, bool whole);
// The answer is of the record that was asked about. Each hit is of a kind that was asked for, and stands there once and in its
// order. It has all words of the text in one of its own, and an exact one is exact. Where all hits are there in one answer,
// the counts are theirs, and the kinds of parties those of the parties. That nothing was left out, the client cannot know.
Status CheckAnswer(const v1::SearchAnswer& answer, const v1::SearchRequest& request, bool whole);
// No value is counted twice, nor more values than were asked for. No count is of more transfers than fit, and kinds and
// years add up to all that fit. That nothing was left out, the client cannot know. Nothing counted is well.
Status CheckAnswer(const v1::ListFacets& facets, const v1::ListRequest& request);
// The same of all pages of a list. The sums of a project's transfers are those of the transfers that are listed, or of more.
Status CheckAnswer(const v1::ListAnswer& answer, const v1::ListRequest& request);

// No text of an answer has control characters, which no ledger takes: nothing honest has them. Signed notes have line
// feeds.
Status CheckTexts(const google::protobuf::Message& answer);

}  // namespace fundtrail::cli
