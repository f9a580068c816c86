// What an image without a shell has for its HEALTHCHECK: exit code 0 when the address answers with success within 4 s, else 1 and why.
if (args is not [var address])
{
    Console.Error.WriteLine("usage: Hype.Health URL");
    return 2;
}

using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };
try
{
    using var answer = await client.GetAsync(address);
    Console.WriteLine($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    return answer.IsSuccessStatusCode ? 0 : 1;
}
catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
