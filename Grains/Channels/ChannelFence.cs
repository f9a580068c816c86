namespace Hype.Grains.Channels;

/// <summary>
/// The fence between two activations of one channel. Before an activation admits its first member, it writes the record of the channel,
/// which the storage permits only to the activation that knows the newest version. From then on the next write of an earlier activation
/// fails, and that activation ends. An activation that cannot write admits no member.
/// </summary>
/// <param name="write">Writes the record; returns false if it could not be written.</param>
internal sealed class ChannelFence(Func<Task<bool>> write)
{
    private Task<bool>? _taking;

    /// <summary>Returns true if this activation has written the record; all calls during the write wait for it.</summary>
    public Task<bool> TakeAsync()
    {
        if (_taking is null or { IsCompleted: true } and not { IsCompletedSuccessfully: true, Result: true })
            _taking = write();
        return _taking;
    }
}
