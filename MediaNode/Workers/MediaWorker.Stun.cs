using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Transport;

namespace Hype.MediaNode.Workers;

/// <summary>The worker's part for STUN: the checks of clients, their answers, and the addresses that members claim by them.</summary>
internal sealed partial class MediaWorker
{
    private void OnStun(ReadOnlySpan<byte> datagram, TransportAddress from, long now)
    {
        if (!StunMessage.TryParse(datagram, out var message))
        {
            Counters.Drops.Add(DropReason.StunMalformed);
            return;
        }

        if (message.Class is StunClass.SuccessResponse or StunClass.ErrorResponse)
        {
            OnStunAnswer(message, from, now);
            return;
        }

        if (!message.TryGetUsername(out var ufrag, out _) || _endpoints.Find(ufrag) is not { } member)
        {
            Counters.Drops.Add(DropReason.StunUnknownUfrag);
            return;
        }

        if (_links.IsRemote(from))
        {
            Counters.Drops.Add(DropReason.StunAddressTaken);
            return;
        }

        var (hadClient, credential) = (member.Endpoint.Ice.HasClient, member.Endpoint.Ice.Credential);
        var mayClaim = _endpoints.MayClaim(member, from, now);
        var outcome = member.Endpoint.HandleStun(message, from, now, _socket);
        AfterCheck(member, hadClient, credential, now);
        switch (outcome)
        {
            case IceOutcome.Valid when !mayClaim:
                _endpoints.Contest(member, from, now);
                AskContestants(_endpoints.FindContest(from)!, from, now);
                Counters.Drops.Add(DropReason.StunAddressTaken);
                break;
            case IceOutcome.Valid when _endpoints.Claim(member, from, now):
                HandleEarly(member, from, now);
                break;
            case IceOutcome.Unauthenticated:
                Counters.Drops.Add(DropReason.StunUnauthenticated);
                break;
            case IceOutcome.Unexpected:
                Counters.Drops.Add(DropReason.StunUnexpected);
                break;
            case IceOutcome.TooMany:
                member.Budget.RecordExcess(now);
                Counters.Drops.Add(DropReason.StunTooMany);
                break;
        }
    }

    // An answer has no username; a check of this node goes only to an address that belongs to a member or is contested.
    private void OnStunAnswer(in StunMessage message, TransportAddress from, long now)
    {
        if (_endpoints.Find(from) is { } holder && holder.Endpoint.Ice.HandleAnswer(message, from, now))
        {
            _endpoints.Confirm(holder, from, now);
            return;
        }

        if (_endpoints.FindContest(from) is { } contest)
        {
            foreach (ref var rival in contest.Rivals)
            {
                if (!rival.Member.Endpoint.Ice.HandleAnswer(message, from, now))
                    continue;
                rival.AnsweredAt ??= now;
                return;
            }
        }

        Counters.Drops.Add(DropReason.StunUnexpected);
    }

    // The holder and the rivals must prove now that they receive at the address, whatever they proved before.
    private void AskContestants(AddressContest contest, TransportAddress address, long now)
    {
        if (_endpoints.Find(address) is { } holder)
            Ask(holder);
        foreach (var rival in contest.Rivals)
            Ask(rival.Member);

        void Ask(RoomMember member)
        {
            var paths = member.Endpoint.Ice.Paths;
            member.Endpoint.Check(address, paths.LocalOf(address), now, _socket, renews: true);
        }
    }

    // The state of one address or endpoint may be wrong, so that its contest ends; the others continue.
    private void TryResolve(AddressContest contest, TransportAddress address, long now)
    {
        try
        {
            if (contest.Resolve(now) is { } winner)
            {
                _endpoints.Claim(winner, address, now);
                HandleEarly(winner, address, now);
            }
            else if (contest.Rivals.IsEmpty)
            {
                _endpoints.EndContest(address);
            }
            else
            {
                AskContestants(contest, address, now);
            }
        }
        catch (Exception exception)
        {
            _endpoints.EndContest(address);
            Counters.AddTimerFailure();
            if (MayLogFailure(now))
                LogTurnFailed(exception);
        }
    }

    // The first check of a revived endpoint is its client's arrival; the first with new credentials ends the old ones.
    private void AfterCheck(RoomMember member, bool hadClient, IceCredential credential, long now)
    {
        var endpoint = member.Endpoint;
        if (endpoint.IsRevived && !hadClient && endpoint.Ice.HasClient)
            events.TryWrite(new RoomEvent(member.Room.Key, RoomEventKind.Connected, member.Number));
        if (ReferenceEquals(credential, endpoint.Ice.Credential))
            return;
        _endpoints.Remove(credential.Ufrag);
        _tickets.Issue(member, now);
    }

    // Datagrams that overtook the check that just authenticated their address. One of them may end the endpoint, and with it the address.
    private void HandleEarly(RoomMember member, TransportAddress from, long now)
    {
        while (_endpoints.Find(from) == member && _early.TryTake(from, now, out var early))
            Handshake(member, early, from, now);
    }
}
