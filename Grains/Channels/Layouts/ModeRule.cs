using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Channels.Layouts;

/// <summary>The mode that a channel should have, and why.</summary>
internal readonly record struct ModeDecision(ChannelMode Mode, ModeReason Reason);

/// <summary>
/// The product's first rule: <c>count ≤ P2PThreshold ? p2p : sfu</c>, and what bends it, strongest first:
/// <list type="number">
/// <item>the channel's policy, when it names a mode: it is obeyed whatever happens (`sfu` hides addresses; `p2p` costs the operator nothing);</item>
/// <item>a request, for <see cref="ChannelOptions.ReturnDelay"/>;</item>
/// <item>a pair of the mesh that could not connect: <c>sfu</c> until the channel is empty (the pair would fail again at every return), or until someone asks for a mesh;</item>
/// <item>hysteresis: back to <c>p2p</c> only at <see cref="ChannelOptions.ReturnThreshold"/> or below for <see cref="ChannelOptions.ReturnDelay"/>;</item>
/// <item>no media node: a mesh stays one and asks again after <see cref="ChannelOptions.NodeRetryDelay"/>; a forwarded channel whose
/// node is gone becomes a mesh when it is small enough, else it waits for a node, as a mesh of that size would not work either.</item>
/// </list>
/// </summary>
internal sealed class ModeRule(ChannelOptions options)
{
    private bool _pairFailed;
    private DateTimeOffset _decidedAt;
    private DateTimeOffset? _smallSince;
    private DateTimeOffset? _noNodeUntil;
    private (ChannelMode Mode, DateTimeOffset Until)? _request;

    /// <param name="policy">What the channel's settings say.</param>
    /// <param name="count">Members, those who are away included.</param>
    /// <param name="mode">The mode of the newest layout; null in an empty channel.</param>
    /// <param name="carried">Does that layout have what it needs (a mesh always; <c>sfu</c> a node, or the hope of one)?</param>
    /// <param name="now">The time.</param>
    public ModeDecision Decide(ModePolicy policy, int count, ChannelMode? mode, bool carried, DateTimeOffset now)
    {
        Expire(now);
        _decidedAt = now;
        _smallSince = mode == ChannelMode.Sfu && count <= options.ReturnThreshold ? _smallSince ?? now : null;

        if (policy == ModePolicy.Sfu)
            return new(ChannelMode.Sfu, ModeReason.Policy);
        if (policy == ModePolicy.P2P)
            return new(ChannelMode.P2P, ModeReason.Policy);

        var wanted = Wanted(count, mode, now);
        return wanted.Mode == ChannelMode.Sfu && _noNodeUntil is not null && CanBeMesh(count, mode, carried)
            ? new(ChannelMode.P2P, ModeReason.NoMediaNode)
            : wanted;
    }

    public void PairFailed() => _pairFailed = true;

    public void Request(ChannelMode mode, DateTimeOffset now)
    {
        _request = (mode, now + options.ReturnDelay);
        _noNodeUntil = null;
        if (mode == ChannelMode.P2P)
            _pairFailed = false;
    }

    public void NoMediaNode(DateTimeOffset now) => _noNodeUntil = now + options.NodeRetryDelay;

    /// <summary>Is it too early to ask for a node again?</summary>
    public bool WaitsForNode(DateTimeOffset now) => _noNodeUntil > now;

    /// <summary>The channel is empty: whoever comes next starts afresh.</summary>
    public void Emptied()
    {
        _pairFailed = false;
        _smallSince = null;
        _noNodeUntil = null;
        _request = null;
    }

    /// <summary>What it decides by, for those who ask why.</summary>
    public ModeExplanation Explain(ModePolicy policy, int count) =>
        new(policy, count, options.P2PThreshold, options.ReturnThreshold, _pairFailed, _request?.Until, _smallSince + options.ReturnDelay, _noNodeUntil);

    /// <summary>When to decide again although nothing happened. A return that a pinned mode forbids is not waited for.</summary>
    public DateTimeOffset? NextDeadline => Deadlines.Earliest(
        _smallSince + options.ReturnDelay is { } back && back > _decidedAt ? back : null,
        _noNodeUntil,
        _request?.Until);

    private ModeDecision Wanted(int count, ChannelMode? mode, DateTimeOffset now)
    {
        if (_request is { } request)
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
        if (_noNodeUntil <= now)
            _noNodeUntil = null;
        if (_request?.Until <= now)
            _request = null;
    }
}
