using Hype.Grains.Channels.Orders;
using Hype.Grains.Silos;

namespace Hype.Grains.Channels;

/// <summary>
/// The fence between two activations of one channel. Before an activation admits its first member, it writes the record of the channel,
/// which the storage permits only to the activation that knows the newest version. From then on the next write of an earlier activation
/// fails, and that activation ends. An activation that cannot write admits no member, and sends no order to a media node. Its orders
/// carry <see cref="Incarnation"/>, which is part of the record and therefore grows with each activation that has written. A media node
/// refuses the orders of an earlier activation than the latest one that it knows. The refused activation writes at once, so that it ends
/// if it is indeed the earlier one.
/// </summary>
/// <remarks>
/// A silo that is cut off from all others and from the storage does not notice a later activation. So a join also needs recent evidence:
/// the membership table has shown this silo as a member (<see cref="IMembershipGate.IsConfirmed"/>), or this activation has written within
/// the silence after which other silos declare a silo dead (<see cref="IMembershipGate.Silence"/>), before which there is no later
/// activation. Without it, the record is written again. A silo that reaches neither Redis nor the storage admits no member.
/// </remarks>
/// <param name="incarnation">The number of this activation; higher than that of the activation whose record this one has read.</param>
/// <param name="write">Writes the record; returns false if it could not be written.</param>
/// <param name="lost">Ends this activation, because a later one decides for the channel.</param>
internal sealed class ChannelFence(long incarnation, Func<Task<bool>> write, Action lost, IMembershipGate gate, TimeProvider time)
    : IOrderFence
{
    private Task<bool>? _writing;
    private long _takenAt;

    public long Incarnation => incarnation;

    public bool IsTaken { get; private set; }

    public bool IsLost { get; private set; }

    public Task<bool> TakeAsync() => IsTaken || IsLost ? Task.FromResult(!IsLost) : WriteAsync();

    /// <summary>Returns true if this activation has written the record, and nothing suggests that there is a later one.</summary>
    public Task<bool> ConfirmAsync() =>
        IsLost || (IsTaken && (gate.IsConfirmed || time.GetElapsedTime(_takenAt) < gate.Silence))
            ? Task.FromResult(!IsLost)
            : WriteAsync();

    public Task<bool> RetakeAsync() => RunAsync();

    /// <summary>Records that a later activation has taken the fence, and ends this one.</summary>
    public void Lose()
    {
        if (IsLost)
            return;
        IsLost = true;
        lost();
    }

    private Task<bool> WriteAsync()
    {
        if (_writing is null or { IsCompleted: true })
            _writing = RunAsync();
        return _writing;
    }

    private async Task<bool> RunAsync()
    {
        var startedAt = time.GetTimestamp();
        // The silo may have been paused during the write.
        if (!await write() || !await gate.PassAsync() || IsLost)
            return false;
        (IsTaken, _takenAt) = (true, startedAt);
        return true;
    }
}
