using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Grains.Tests.Storage;

public sealed class OrderWriteTests
{
    private static readonly object[] Results =
    [
        new object[] { SaveResult.Stored, ModerationResult.Stored },
        new object[] { SaveResult.NotStored, ModerationResult.NotStored },
        new object[] { SaveResult.Superseded, ModerationResult.Refused(VoiceError.Unavailable) },
    ];

    [TestCaseSource(nameof(Results))]
    public async Task Order_is_answered_with_the_result_of_its_write(object saved, object expected) =>
        Assert.That(await OrderWrite.ResultAsync(Task.FromResult((SaveResult)saved), new FakeTimeProvider()), Is.EqualTo(expected));

    [Test]
    public async Task Order_is_answered_as_not_stored_when_its_write_takes_too_long()
    {
        var (time, saving) = (new FakeTimeProvider(), new TaskCompletionSource<SaveResult>());
        var order = OrderWrite.ResultAsync(saving.Task, time);
        Assert.That(order.IsCompleted, Is.False);
        time.Advance(OrderWrite.StorageTimeout);
        Assert.That(await order, Is.EqualTo(ModerationResult.NotStored));
    }
}
