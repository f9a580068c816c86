using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Timing;

namespace Hype.Grains.Channels.Layouts;

/// <summary>The mode that a channel should have, and the reason.</summary>
internal readonly record struct ModeDecision(ChannelMode Mode, ModeReason Reason);

/// <summary>
/// Decides a channel's mode: <c>count ≤ P2PThreshold ? p2p : sfu</c>. These conditions have priority, the strongest first:
/// <list type="number">
/// <item>a deployment without meshes (<see cref="ChannelOptions.AllowMesh"/> is false): always <c>sfu</c>;</item>
/// <item>the channel's policy, if it names a mode: <c>sfu</c> (hides addresses) always applies; <c>p2p</c> (costs the operator nothing)
/// applies up to twice <see cref="ChannelOptions.P2PThreshold"/>, because each member of a mesh sends to all others. A channel that was
/// larger follows the other conditions until it has been small enough for <see cref="ChannelOptions.ReturnDelay"/>;</item>
/// <item>an administrator's request for a mode, for the duration of <see cref="ChannelOptions.ReturnDelay"/>;</item>
/// <item>a pair of the mesh that could not connect: <c>sfu</c> until the channel is empty (the pair would fail again at every return), or
/// until a mesh is requested;</item>
/// <item>hysteresis: back to <c>p2p</c> only at <see cref="ChannelOptions.ReturnThreshold"/> or below for
/// <see cref="ChannelOptions.ReturnDelay"/>;</item>
/// <item>no media node: a mesh stays a mesh and requests a node again after <see cref="ChannelOptions.NodeRetryDelay"/>; a forwarded
/// channel that lost its node becomes a mesh if it is small enough, else it waits for a node, as a mesh of that size would not work
/// either.</item>
/// </list>
/// </summary>
internal sealed class ModeRule(ChannelOptions options)
{
    private bool _pairFailed;
    private DateTimeOffset _decidedAt;
    private DateTimeOffset? _smallSince;
    private DateTimeOffset? _tooLargeUntil;
    private DateTimeOffset? _noNodeUntil;
    private (ChannelMode Mode, DateTimeOffset Until)? _request;

    /// <param name="policy">The policy of the channel's settings.</param>
    /// <param name="count">The number of members, including away ones.</param>
    /// <param name="mode">The mode of the newest layout; null in an empty channel.</param>
    /// <param name="carried">Whether the layout has what it needs: a mesh always has; <c>sfu</c> needs a room, or a request for
    /// one.</param>
    public ModeDecision Decide(ModePolicy policy, int count, ChannelMode? mode, bool carried, DateTimeOffset now)
    {
        Expire(now);
        _decidedAt = now;
        _smallSince = mode == ChannelMode.Sfu && count <= options.ReturnThreshold ? _smallSince ?? now : null;

        if (!MayBeMesh(count))
            _tooLargeUntil = now + options.ReturnDelay;

        if (policy == ModePolicy.Sfu || !options.AllowMesh)
            return new(ChannelMode.Sfu, ModeReason.Policy);
        if (policy == ModePolicy.P2P && _tooLargeUntil is null)
            return new(ChannelMode.P2P, ModeReason.Policy);
        var wanted = Wanted(count, mode, now);
        return wanted.Mode == ChannelMode.Sfu && _noNodeUntil is not null && CanBeMesh(count, mode, carried)
            ? new(ChannelMode.P2P, ModeReason.NoMediaNode)
            : wanted;
    }

    /// <summary>Returns true if a channel with this number of members may be set to a mesh.</summary>
    public bool MayBeMesh(int count) => options.AllowMesh && count <= 2 * options.P2PThreshold;

    public void PairFailed() => _pairFailed = true;

    public void Request(ChannelMode mode, DateTimeOffset now)
    {
        _request = (mode, now + options.ReturnDelay);
        _noNodeUntil = null;
        if (mode == ChannelMode.P2P)
            _pairFailed = false;
    }

    public void NoMediaNode(DateTimeOffset now) => _noNodeUntil = now + options.NodeRetryDelay;

    /// <summary>Returns true during the pause after a failed search for a media node.</summary>
    public bool WaitsForNode(DateTimeOffset now) => _noNodeUntil > now;

    /// <summary>Resets the rule after the last member has left: earlier requests and failures no longer count.</summary>
    public void Reset()
    {
        _pairFailed = false;
        _smallSince = null;
        _tooLargeUntil = null;
        _noNodeUntil = null;
        _request = null;
    }

    /// <summary>Returns the values on which the decision depends, for operators.</summary>
    public ModeExplanation Explain(ModePolicy policy, int count) =>
        new(
            policy,
            count,
            options.P2PThreshold,
            options.ReturnThreshold,
            _pairFailed,
            _request?.Until,
            _smallSince + options.ReturnDelay,
            _noNodeUntil);

    /// <summary>
    /// The time at which the decision may change without an input. A return to P2P that the policy forbids does not count.
    /// </summary>
    public DateTimeOffset? NextDeadline => Deadlines.Earliest(
        _smallSince + options.ReturnDelay is { } back && back > _decidedAt ? back : null,
        _tooLargeUntil,
        _noNodeUntil,
        _request?.Until);

    private ModeDecision Wanted(int count, ChannelMode? mode, DateTimeOffset now)
    {
        if (_request is { } request && (request.Mode == ChannelMode.Sfu || _tooLargeUntil is null))
            return new(request.Mode, ModeReason.Requested);
        if (_pairFailed)
            return new(ChannelMode.Sfu, ModeReason.PeerConnectionFailed);
        if (count > options.P2PThreshold)
            return new(ChannelMode.Sfu, mode is null ? ModeReason.Created : ModeReason.AboveThreshold);
        if (mode is null)
            return new(ChannelMode.P2P, ModeReason.Created);
        return mode == ChannelMode.Sfu && !(_smallSince + options.ReturnDelay <= now)
            ? new(ChannelMode.Sfu, ModeReason.AboveThreshold)
            : new(ChannelMode.P2P, ModeReason.BelowReturnThreshold);
    }

    private bool CanBeMesh(int count, ChannelMode? mode, bool carried) =>
        mode == ChannelMode.P2P || (!carried && !_pairFailed && count <= options.P2PThreshold);

    private void Expire(DateTimeOffset now)
    {
        if (_tooLargeUntil <= now)
            _tooLargeUntil = null;
        if (_noNodeUntil <= now)
            _noNodeUntil = null;
        if (_request?.Until <= now)
            _request = null;
    }
}
