using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Grains.Storage;

/// <summary>Waits for the write of a moderator's order that is already in effect.</summary>
internal static class OrderWrite
{
    /// <summary>
    /// The time for which an order waits for the storage. It is shorter than the timeout of the call, so that the moderator receives the
    /// answer.
    /// </summary>
    public static readonly TimeSpan StorageTimeout = TimeSpan.FromSeconds(1.5);

    /// <summary>Returns the result of an order whose write is running. The write continues after the timeout.</summary>
    public static async Task<ModerationResult> ResultAsync(Task<SaveResult> saving, TimeProvider time)
    {
        await ((Task)saving).WaitAsync(StorageTimeout, time)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        if (!saving.IsCompleted)
            return ModerationResult.NotStored;
        return await saving switch
        {
            SaveResult.Stored => ModerationResult.Stored,
            SaveResult.NotStored => ModerationResult.NotStored,
            // This activation ends, and its orders with it. The repeated order reaches the other activation.
            _ => ModerationResult.Refused(VoiceError.Unavailable),
        };
    }
}
