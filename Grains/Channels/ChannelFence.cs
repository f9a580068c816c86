using Hype.Grains.Silos;

namespace Hype.Grains.Channels;

/// <summary>
/// The fence between two activations of one channel. Before an activation admits its first member, it writes the record of the channel,
/// which the storage permits only to the activation that knows the newest version. From then on the next write of an earlier activation
/// fails, and that activation ends. An activation that cannot write admits no member.
/// </summary>
/// <remarks>
/// A silo that is cut off from all others and from the storage does not notice a later activation. So a join also needs recent evidence:
/// the membership table has shown this silo as a member (<see cref="IMembershipGate.IsConfirmed"/>), or this activation has written within
/// the silence after which other silos declare a silo dead (<see cref="IMembershipGate.Silence"/>), before which there is no later
/// activation. Without it, the record is written again. A silo that reaches neither Redis nor the storage admits no member.
/// </remarks>
/// <param name="write">Writes the record; returns false if it could not be written.</param>
internal sealed class ChannelFence(Func<Task<bool>> write, IMembershipGate gate, TimeProvider time)
{
    private Task<bool>? _writing;
    private bool _isTaken;
    private long _takenAt;

    /// <summary>Returns true if this activation has written the record; all calls during the write wait for it.</summary>
    public Task<bool> TakeAsync() => _isTaken ? Task.FromResult(true) : WriteAsync();

    /// <summary>Returns true if this activation has written the record, and nothing suggests that there is a later one.</summary>
    public Task<bool> ConfirmAsync() =>
        _isTaken && (gate.IsConfirmed || time.GetElapsedTime(_takenAt) < gate.Silence) ? Task.FromResult(true) : WriteAsync();

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
        if (!await write() || !await gate.PassAsync())
            return false;
        (_isTaken, _takenAt) = (true, startedAt);
        return true;
    }
}
