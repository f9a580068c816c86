using Hype.Silo.Health;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Silo.Tests.Health;

public sealed class SharedResultTests
{
    [Test]
    public async Task Callers_of_a_second_share_one_answer_also_while_it_is_awaited()
    {
        var time = new FakeTimeProvider();
        var result = new SharedResult<int>(time);
        var asked = 0;
        var answer = new TaskCompletionSource<int>();
        Task<int> Ask()
        {
            asked++;
            return answer.Task;
        }

        var waiting = Enumerable.Range(0, 100).Select(_ => result.GetAsync(Ask)).ToArray();
        time.Advance(SharedResult<int>.Age * 5);
        _ = result.GetAsync(Ask);
        answer.SetResult(7);
        Assert.That(await Task.WhenAll(waiting), Is.All.EqualTo(7));
        Assert.That(asked, Is.EqualTo(1), "a slow answer is not asked for twice");

        await result.GetAsync(Ask);
        Assert.That(asked, Is.EqualTo(2), "the answer is older than a second");
        time.Advance(SharedResult<int>.Age - TimeSpan.FromTicks(1));
        await result.GetAsync(Ask);
        Assert.That(asked, Is.EqualTo(2));
    }
}
